//! A token: what an authority signed, and whether it is to be believed.

use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use der::asn1::{ObjectIdentifier, OctetString};
use der::{Decode, Encode};
use ring::digest::{self, digest};
use x509_cert::Certificate;

use crate::query::number;
use crate::structure as s;
use crate::trust::{Trusted, signed};

/// Why a token is not to be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The bytes are no answer of an authority, and no token.
    #[error("this is no time stamp after RFC 3161")]
    Malformed,
    /// The authority would not.
    #[error("the authority gave no time stamp: {0}")]
    Refused(String),
    /// It is on other bytes.
    #[error("the time stamp is on something else")]
    OtherData,
    /// It answers another question.
    #[error("the time stamp answers another question: its nonce is not the one sent")]
    OtherNonce,
    /// The certificate that signed is not in it.
    #[error("the time stamp does not carry the certificate of the authority that signed it")]
    NoCertificate,
    /// The key signature is not by that certificate's key, or by an algorithm that is not believed.
    #[error("the time stamp is not signed by the authority that it names")]
    Signature,
    /// No certificate that is believed vouches for the authority's.
    #[error(
        "no certificate that you believe vouches for {authority} as an authority on time at that time"
    )]
    NotTrusted {
        /// Whose certificate signed.
        authority: String,
    },
}

/// An answer that reads, and is not yet believed.
#[derive(Debug)]
pub struct Token {
    info: s::Info,
    /// The bytes of `info`, as they were signed.
    content: Vec<u8>,
    signer: SignerInfo,
    certificates: Vec<Certificate>,
    micros: u64,
}

/// When bytes were there, in the word of an authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The time, in microseconds since 1970, UTC.
    pub micros: u64,
    /// By how much it may be off, in microseconds; nothing where the authority does not say.
    pub accuracy: Option<u64>,
    /// The subject of the certificate that signed.
    pub authority: String,
    /// The policy under which it was signed, as an object identifier.
    pub policy: String,
}

impl Token {
    /// Reads the answer of an authority, or the token alone.
    ///
    /// # Errors
    /// It does not read, or the authority refused.
    pub fn parse(bytes: &[u8]) -> Result<Self, TokenError> {
        if bytes.len() > crate::MAX_TOKEN {
            return Err(TokenError::Malformed);
        }
        let token = match s::Answer::from_der(bytes) {
            Ok(answer) => granted(answer)?,
            Err(_) => bytes.to_vec(),
        };
        Self::read(&token).ok_or(TokenError::Malformed)
    }

    fn read(token: &[u8]) -> Option<Self> {
        let outer = ContentInfo::from_der(token).ok()?;
        if outer.content_type != s::SIGNED_DATA {
            return None;
        }
        let data: SignedData = outer.content.decode_as().ok()?;
        if data.encap_content_info.econtent_type != s::TST_INFO {
            return None;
        }
        let content: OctetString = data.encap_content_info.econtent?.decode_as().ok()?;
        let content = content.into_bytes();
        let info = s::Info::from_der(&content).ok()?;
        let mut signers = data.signer_infos.0.into_vec().into_iter();
        // RFC 3161, 2.4.2: signed by the authority and by nobody else.
        let (Some(signer), None) = (signers.next(), signers.next()) else {
            return None;
        };
        let choices = data.certificates.map(|all| all.0.into_vec());
        let certificates = choices
            .into_iter()
            .flatten()
            .filter_map(|choice| match choice {
                CertificateChoices::Certificate(certificate) => Some(certificate),
                CertificateChoices::Other(_) => None,
            });
        let micros = s::micros(&info.time).filter(|_| info.version == 1)?;
        Some(Self {
            certificates: certificates.collect(),
            info,
            content,
            signer,
            micros,
        })
    }

    /// Returns the time that it gives, before anything of it is verified.
    pub fn claimed_micros(&self) -> u64 {
        self.micros
    }

    /// Returns whether it is on these bytes, whoever signed it.
    pub fn is_on(&self, data: &[u8]) -> bool {
        let imprint = &self.info.imprint;
        hash(&imprint.algorithm.oid, data)
            .is_some_and(|found| found.as_ref() == imprint.hash.as_bytes())
    }

    /// Returns the time, if the token is on these bytes, answers the question with this
    /// nonce, is signed by the authority that it names, and that is believed.
    ///
    /// Without `trusted` any authority is; the answer says which it was.
    ///
    /// # Errors
    /// One of these is not so.
    pub fn verify(
        &self,
        data: &[u8],
        nonce: Option<u64>,
        trusted: Option<&Trusted>,
    ) -> Result<Stamp, TokenError> {
        if !self.is_on(data) {
            return Err(TokenError::OtherData);
        }
        let asked = nonce.and_then(|nonce| number(nonce).ok());
        if asked.is_some() && asked != self.info.nonce {
            return Err(TokenError::OtherNonce);
        }
        let certificate = self.signers().ok_or(TokenError::NoCertificate)?;
        let der = certificate.to_der().map_err(|_| TokenError::Malformed)?;
        self.check_signature(&der)?;
        let authority = certificate.tbs_certificate.subject.to_string();
        if let Some(trusted) = trusted {
            let others = self.certificates.iter();
            let others: Vec<_> = others.filter_map(|other| other.to_der().ok()).collect();
            if !trusted.vouch_for(&der, &others, self.micros / 1_000_000) {
                return Err(TokenError::NotTrusted { authority });
            }
        }
        Ok(Stamp {
            micros: self.micros,
            accuracy: self.info.accuracy.map(s::Accuracy::in_micros),
            authority,
            policy: self.info.policy.to_string(),
        })
    }

    /// Returns the certificate that the signature names.
    fn signers(&self) -> Option<&Certificate> {
        let SignerIdentifier::IssuerAndSerialNumber(named) = &self.signer.sid else {
            return None;
        };
        self.certificates.iter().find(|certificate| {
            let body = &certificate.tbs_certificate;
            body.issuer == named.issuer && body.serial_number == named.serial_number
        })
    }

    /// Checks what was signed: the attributes, among them the hash of the content and
    /// that of the certificate, so that neither can be exchanged (RFC 3161, 2.4.2).
    fn check_signature(&self, certificate: &[u8]) -> Result<(), TokenError> {
        let by = &self.signer.digest_alg.oid;
        let content = hash(by, &self.content).ok_or(TokenError::Signature)?;
        let holds = self.attribute::<ObjectIdentifier>(&s::CONTENT_TYPE) == Some(s::TST_INFO)
            && self
                .attribute::<OctetString>(&s::MESSAGE_DIGEST)
                .is_some_and(|digest| digest.as_bytes() == content.as_ref())
            && self.names(certificate);
        let attributes = self.signer.signed_attrs.as_ref();
        let message = attributes.and_then(|attributes| attributes.to_der().ok());
        let message = message.filter(|_| holds).ok_or(TokenError::Signature)?;
        let signature = self.signer.signature.as_bytes();
        if signed(certificate, by, &message, signature) {
            Ok(())
        } else {
            Err(TokenError::Signature)
        }
    }

    /// Returns whether the signed attributes name this certificate by its hash.
    fn names(&self, certificate: &[u8]) -> bool {
        let second = self
            .attribute::<s::SigningCertificate>(&s::SIGNING_CERTIFICATE_2)
            .and_then(|named| certificate_hash_2(named.certificates.first()?));
        if let Some((algorithm, expected)) = second {
            let found = hash(&algorithm, certificate);
            return found.is_some_and(|found| found.as_ref() == expected.as_bytes());
        }
        // Older authorities name it by SHA-1 alone; what keeps it from being exchanged
        // is then still that the signature is by its key.
        let first = self
            .attribute::<s::SigningCertificate>(&s::SIGNING_CERTIFICATE)
            .and_then(|named| certificate_hash_1(named.certificates.first()?));
        let found = digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, certificate);
        first.is_some_and(|expected| expected.as_bytes() == found.as_ref())
    }

    /// Returns the one value of the signed attribute of this type.
    fn attribute<T: for<'a> Decode<'a>>(&self, oid: &ObjectIdentifier) -> Option<T> {
        let attributes = self.signer.signed_attrs.as_ref()?;
        let mut of_it = attributes.iter().filter(|attribute| attribute.oid == *oid);
        let (Some(attribute), None) = (of_it.next(), of_it.next()) else {
            return None;
        };
        if attribute.values.len() != 1 {
            return None;
        }
        let bytes = attribute.values.get(0)?.to_der().ok()?;
        T::from_der(&bytes).ok()
    }
}

/// Returns the token of an answer, if it was granted (status 0 or 1).
fn granted(answer: s::Answer) -> Result<Vec<u8>, TokenError> {
    let status = answer.status;
    if status.number > 1 {
        let words = status.words.unwrap_or_default().join("; ");
        let failure = status.failure.map(|_| "it names a failure".to_owned());
        let words = Some(words).filter(|words| !words.is_empty()).or(failure);
        let words = words.unwrap_or_else(|| format!("status {}", status.number));
        return Err(TokenError::Refused(words));
    }
    let token = answer.token.and_then(|token| token.to_der().ok());
    token.ok_or(TokenError::Malformed)
}

/// Reads an `ESSCertIDv2` (RFC 5035, 4): the hash, by SHA-256 where none is named.
fn certificate_hash_2(named: &der::asn1::Any) -> Option<(ObjectIdentifier, OctetString)> {
    let parts: Vec<der::asn1::Any> = named.decode_as().ok()?;
    let first = parts.first()?;
    if let Ok(hash) = first.decode_as::<OctetString>() {
        return Some((s::SHA_256, hash));
    }
    let algorithm: x509_cert::spki::AlgorithmIdentifierOwned = first.decode_as().ok()?;
    Some((algorithm.oid, parts.get(1)?.decode_as().ok()?))
}

/// Reads an `ESSCertID` (RFC 2634, 5.4.1).
fn certificate_hash_1(named: &der::asn1::Any) -> Option<OctetString> {
    let parts: Vec<der::asn1::Any> = named.decode_as().ok()?;
    parts.first()?.decode_as().ok()
}

fn hash(algorithm: &ObjectIdentifier, data: &[u8]) -> Option<digest::Digest> {
    let algorithm = match *algorithm {
        s::SHA_256 => &digest::SHA256,
        s::SHA_384 => &digest::SHA384,
        s::SHA_512 => &digest::SHA512,
        _ => return None,
    };
    Some(digest(algorithm, data))
}
