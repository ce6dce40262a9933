//! Tokens that OpenSSL made, as `tests/vectors/README.md` says, and what may be wrong with one.

use std::path::PathBuf;

use crate::{Stamp, Token, TokenError, Trusted, query};

/// What the tokens are on.
const TEXT: &[u8] = b"example.org/log\n12\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
/// 2026-11-24T04:40:35Z in microseconds.
const TIME: u64 = 1_795_495_235_000_000;
/// The nonce of the question.
const NONCE: u64 = 0x6239_D31D_E395_E4A0;

fn vector(name: &str) -> Vec<u8> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read(root.join("tests/vectors/timestamps").join(name)).unwrap()
}

fn root() -> Trusted {
    Trusted::from_pem(&vector("root.pem")).unwrap()
}

fn judge(bytes: &[u8]) -> Result<Stamp, TokenError> {
    Token::parse(bytes)?.verify(TEXT, Some(NONCE), Some(&root()))
}

#[test]
fn tokens_signed_with_rsa_and_two_curves_are_believed() {
    for name in ["rsa", "p256", "p384"] {
        let stamp = judge(&vector(&format!("{name}.tsr"))).unwrap();

        assert_eq!(stamp.micros, TIME);
        assert_eq!(stamp.accuracy, Some(1_000_000));
        assert_eq!(stamp.authority, format!("CN={name},O=Example Time"));
        assert_eq!(stamp.policy, "1.2.3.4.1");
    }
}

#[test]
fn a_token_on_other_bytes_or_for_another_question_is_refused() {
    let token = Token::parse(&vector("rsa.tsr")).unwrap();

    let other = token.verify(b"other", None, None);
    let again = token.verify(TEXT, Some(NONCE + 1), None);

    assert_eq!(other, Err(TokenError::OtherData));
    assert_eq!(again, Err(TokenError::OtherNonce));
}

#[test]
fn an_authority_that_nobody_vouches_for_is_refused() {
    // Signed by another root of the same name.
    let other = Trusted::from_pem(&vector("other-root.pem")).unwrap();
    let token = Token::parse(&vector("p256.tsr")).unwrap();

    let judged = token.verify(TEXT, None, Some(&other));

    let authority = "CN=p256,O=Example Time".to_owned();
    assert_eq!(judged, Err(TokenError::NotTrusted { authority }));
    assert!(token.verify(TEXT, None, None).is_ok());
}

#[test]
fn a_certificate_for_something_else_vouches_for_no_time() {
    let judged = judge(&vector("server.tsr"));

    let authority = "CN=server,O=Example Time".to_owned();
    assert_eq!(judged, Err(TokenError::NotTrusted { authority }));
}

#[test]
fn no_changed_byte_gives_another_time_and_none_panics() {
    for name in ["rsa.tsr", "p256.tsr", "p384.tsr"] {
        let good = vector(name);
        let expected = judge(&good).unwrap();
        let mut refused = 0;
        for place in 0..good.len() {
            for bit in [1, 0x80, 0xff] {
                let mut bytes = good.clone();
                bytes[place] ^= bit;
                match judge(&bytes) {
                    // The certificates that came along and the answer's own words are not
                    // signed by the token; what it says is.
                    Ok(stamp) => assert_eq!(stamp, expected, "{name}, byte {place}"),
                    Err(_) => refused += 1,
                }
            }
        }
        assert!(refused * 100 > good.len() * 3 * 95, "{name}: {refused}");
    }
}

#[test]
fn cut_and_overlong_bytes_are_no_token() {
    let good = vector("rsa.tsr");
    for length in 0..good.len() {
        assert!(Token::parse(&good[..length]).is_err());
    }
    let long = vec![0x30; crate::MAX_TOKEN + 1];
    assert_eq!(Token::parse(&long).err(), Some(TokenError::Malformed));
}

#[test]
fn a_refusal_is_told_in_the_authoritys_words() {
    // Status 2 (rejection) with the text "closed on Tuesdays".
    let words = b"closed on Tuesdays";
    let text = [&[0x0c, 18], words.as_slice()].concat();
    let text = [&[0x30, 20], text.as_slice()].concat();
    let status = [&[0x30, 25, 2, 1, 2], text.as_slice()].concat();
    let answer = [&[0x30, 27], status.as_slice()].concat();

    let judged = Token::parse(&answer).err();

    let words = "closed on Tuesdays".to_owned();
    assert_eq!(judged, Some(TokenError::Refused(words)));
}

#[test]
fn times_have_fractions_of_a_second() {
    let time = |text: &str| {
        let tag = der::Tag::GeneralizedTime;
        crate::structure::micros(&der::asn1::Any::new(tag, text.as_bytes()).unwrap())
    };

    assert_eq!(time("20261124044035Z"), Some(TIME));
    assert_eq!(time("20261124044035.5Z"), Some(TIME + 500_000));
    assert_eq!(time("20261124044035.1234567Z"), Some(TIME + 123_456));
    for wrong in [
        "",
        "Z",
        "20261124044035",
        "20261324044035Z",
        "2026112404403Z",
        "20261124044035.Z",
    ] {
        assert_eq!(time(wrong), None, "{wrong}");
    }
}

#[test]
fn a_file_without_a_certificate_is_refused() {
    assert!(Trusted::from_pem(b"nothing").is_err());
    assert!(
        Trusted::from_pem(b"-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n").is_err()
    );
}

#[test]
fn the_question_is_the_one_that_openssl_writes() {
    assert_eq!(query(TEXT, NONCE), vector("query.tsq"));
    // A nonce whose first bit is set, and a small one, have the shortest form too.
    assert!(query(TEXT, u64::MAX).len() > query(TEXT, 1).len());
}
