//! The question to an authority.

use der::Encode;
use der::asn1::{Int, OctetString};
use ring::digest::{SHA256, digest};
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::structure::{Imprint, Query, SHA_256};

/// Returns the question for a time stamp on these bytes (RFC 3161, 2.4.1): their
/// SHA-256, the nonce, and that the certificate is to come with the answer.
///
/// The nonce is random, so that an old answer is not taken for a new one.
pub fn query(data: &[u8], nonce: u64) -> Vec<u8> {
    let encode = || -> der::Result<Vec<u8>> {
        let query = Query {
            version: 1,
            imprint: imprint(data)?,
            nonce: number(nonce)?,
            certificate: true,
        };
        query.to_der()
    };
    // Nothing in it can be too long or out of order.
    encode().unwrap_or_default()
}

fn imprint(data: &[u8]) -> der::Result<Imprint> {
    Ok(Imprint {
        algorithm: AlgorithmIdentifierOwned {
            oid: SHA_256,
            parameters: Some(der::asn1::Any::null()),
        },
        hash: OctetString::new(digest(&SHA256, data).as_ref())?,
    })
}

/// Returns a number that is not negative as DER has it: no needless zero bytes.
pub(crate) fn number(value: u64) -> der::Result<Int> {
    let bytes = value.to_be_bytes();
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count().min(7);
    let mut shortest = bytes[zeros..].to_vec();
    if shortest[0] >= 0x80 {
        shortest.insert(0, 0);
    }
    Int::new(&shortest)
}
