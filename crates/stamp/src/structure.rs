//! The structures of RFC 3161 in ASN.1, as far as they are needed.

use der::asn1::{Any, GeneralizedTime, Int, ObjectIdentifier, OctetString};
use der::{Decode, Sequence};
use x509_cert::spki::AlgorithmIdentifierOwned;

/// SHA-256 (RFC 5754, 2.2).
pub(crate) const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
/// SHA-384.
pub(crate) const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
/// SHA-512.
pub(crate) const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
/// The type of signed data (RFC 5652, 5.1).
pub(crate) const SIGNED_DATA: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
/// The type of what a token signs (RFC 3161, 2.4.2).
pub(crate) const TST_INFO: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
/// The signed attributes `content-type` and `message-digest` (RFC 5652, 11).
pub(crate) const CONTENT_TYPE: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
pub(crate) const MESSAGE_DIGEST: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
/// The signed attribute that names the signer's certificate, with SHA-1 (RFC 2634, 5.4).
pub(crate) const SIGNING_CERTIFICATE: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
/// The same with a hash of one's choice (RFC 5035, 3).
pub(crate) const SIGNING_CERTIFICATE_2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
/// The use of a certificate for time stamps (RFC 3161, 2.3), as the bytes of its identifier.
pub(crate) const TIME_STAMPING: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 8];

/// A hash and how it was made (2.4.1).
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct Imprint {
    pub(crate) algorithm: AlgorithmIdentifierOwned,
    pub(crate) hash: OctetString,
}

/// The question (2.4.1).
#[derive(Sequence)]
pub(crate) struct Query {
    pub(crate) version: u8,
    pub(crate) imprint: Imprint,
    pub(crate) nonce: Int,
    pub(crate) certificate: bool,
}

/// The answer (2.4.2).
#[derive(Sequence)]
pub(crate) struct Answer {
    pub(crate) status: Status,
    #[asn1(optional = "true")]
    pub(crate) token: Option<Any>,
}

/// Whether the question was granted (2.4.2).
#[derive(Sequence)]
pub(crate) struct Status {
    pub(crate) number: u8,
    #[asn1(optional = "true")]
    pub(crate) words: Option<Vec<String>>,
    #[asn1(optional = "true")]
    pub(crate) failure: Option<der::asn1::BitString>,
}

/// What an authority signs (2.4.2).
#[derive(Debug, Sequence)]
pub(crate) struct Info {
    pub(crate) version: u8,
    pub(crate) policy: ObjectIdentifier,
    pub(crate) imprint: Imprint,
    pub(crate) serial: Int,
    pub(crate) time: Any,
    #[asn1(optional = "true")]
    pub(crate) accuracy: Option<Accuracy>,
    #[asn1(default = "Default::default")]
    pub(crate) ordering: bool,
    #[asn1(optional = "true")]
    pub(crate) nonce: Option<Int>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) authority: Option<Any>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub(crate) extensions: Option<Vec<Any>>,
}

/// By how much the time may be off (2.4.2).
#[derive(Clone, Copy, Debug, Sequence)]
pub(crate) struct Accuracy {
    #[asn1(optional = "true")]
    pub(crate) seconds: Option<u32>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    pub(crate) millis: Option<u16>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub(crate) micros: Option<u16>,
}

/// The hash of a certificate in a signed attribute (RFC 2634, 5.4.1; RFC 5035, 4):
/// a list of such, the first being the signer's.
#[derive(Sequence)]
pub(crate) struct SigningCertificate {
    pub(crate) certificates: Vec<Any>,
    #[asn1(optional = "true")]
    pub(crate) policies: Option<Any>,
}

impl Accuracy {
    /// Returns the whole, in microseconds.
    pub(crate) fn in_micros(self) -> u64 {
        let part = |value: Option<u16>| u64::from(value.unwrap_or(0));
        u64::from(self.seconds.unwrap_or(0)) * 1_000_000
            + part(self.millis) * 1_000
            + part(self.micros)
    }
}

/// Reads a time, which may have a fraction of a second, as microseconds since 1970, UTC.
pub(crate) fn micros(time: &Any) -> Option<u64> {
    let text = std::str::from_utf8(time.value()).ok()?;
    let digits = text.strip_suffix('Z')?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() != 14 || !plain(whole) || !plain(fraction) {
        return None;
    }
    // The form with whole seconds is what the library reads.
    let mut bytes = vec![0x18, 15];
    bytes.extend(whole.bytes().chain([b'Z']));
    let seconds = GeneralizedTime::from_der(&bytes).ok()?.to_unix_duration();
    let fraction: String = fraction.chars().chain("000000".chars()).take(6).collect();
    Some(u64::try_from(seconds.as_micros()).ok()? + fraction.parse::<u64>().ok()?)
}
