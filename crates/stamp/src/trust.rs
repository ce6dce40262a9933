//! Which authorities are believed: certificates from a file, and what they vouch for.

use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use crate::structure::{SHA_256, SHA_384, SHA_512, TIME_STAMPING};
use der::asn1::ObjectIdentifier;

/// A file that holds no certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no certificate in PEM: `-----BEGIN CERTIFICATE-----` and what follows")]
pub struct NoCertificate;

/// Certificates of authorities, or of those who vouch for them.
#[derive(Clone, Debug)]
pub struct Trusted(Vec<CertificateDer<'static>>);

impl Trusted {
    /// Reads certificates in PEM.
    ///
    /// # Errors
    /// There is none, or one does not read.
    pub fn from_pem(text: &[u8]) -> Result<Self, NoCertificate> {
        let read = CertificateDer::pem_slice_iter(text).collect::<Result<Vec<_>, _>>();
        let certificates = read.map_err(|_| NoCertificate)?;
        if certificates.is_empty() {
            return Err(NoCertificate);
        }
        Ok(Self(certificates))
    }

    /// Returns whether these vouch, at `seconds` since 1970, for a certificate that may
    /// sign time stamps; those that came with the token may stand between.
    pub(crate) fn vouch_for(&self, leaf: &[u8], between: &[Vec<u8>], seconds: u64) -> bool {
        let leaf = CertificateDer::from(leaf);
        let Ok(signer) = EndEntityCert::try_from(&leaf) else {
            return false;
        };
        let anchors: Vec<_> = self
            .0
            .iter()
            .filter_map(|certificate| anchor_from_trusted_cert(certificate).ok())
            .collect();
        let between: Vec<_> = between
            .iter()
            .map(|certificate| CertificateDer::from(certificate.as_slice()))
            .chain(self.0.iter().cloned())
            .collect();
        let time = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        let usage = KeyUsage::required(TIME_STAMPING);
        signer
            .verify_for_usage(
                ALL_VERIFICATION_ALGS,
                &anchors,
                &between,
                time,
                usage,
                None,
                None,
            )
            .is_ok()
    }
}

/// Returns whether the key of this certificate made the signature, by the hash that
/// the token names.
pub(crate) fn signed(
    certificate: &[u8],
    hash: &ObjectIdentifier,
    message: &[u8],
    signature: &[u8],
) -> bool {
    let certificate = CertificateDer::from(certificate);
    let Ok(signer) = EndEntityCert::try_from(&certificate) else {
        return false;
    };
    algorithms(hash).iter().any(|algorithm| {
        signer
            .verify_signature(*algorithm, message, signature)
            .is_ok()
    })
}

/// Returns the algorithms with this hash; which of them it is, the sort of key decides.
fn algorithms(hash: &ObjectIdentifier) -> Vec<&'static dyn SignatureVerificationAlgorithm> {
    use webpki::ring as known;
    match *hash {
        SHA_256 => vec![
            known::RSA_PKCS1_2048_8192_SHA256,
            known::ECDSA_P256_SHA256,
            known::ECDSA_P384_SHA256,
        ],
        SHA_384 => vec![
            known::RSA_PKCS1_2048_8192_SHA384,
            known::ECDSA_P256_SHA384,
            known::ECDSA_P384_SHA384,
        ],
        SHA_512 => vec![known::RSA_PKCS1_2048_8192_SHA512],
        _ => Vec::new(),
    }
}
