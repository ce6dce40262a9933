use std::os::unix::net::UnixListener;
use std::thread;

use ed25519_dalek::SigningKey;

use super::*;

/// An agent that gives prepared answers, one to each connection.
struct Prepared {
    folder: tempfile::TempDir,
}

impl Prepared {
    fn with(answers: Vec<Vec<u8>>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join("agent")).unwrap();
        thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                let mut length = [0; 4];
                stream.read_exact(&mut length).unwrap();
                let mut request = vec![0; u32::from_be_bytes(length) as usize];
                stream.read_exact(&mut request).unwrap();
                // Who has read enough of a wrong answer hangs up.
                stream.write_all(&answer).ok();
            }
        });
        Self { folder }
    }

    fn agent(&self) -> Agent {
        Agent::at(&self.folder.path().join("agent"))
    }
}

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn framed(message: &[u8]) -> Vec<u8> {
    let mut framed = Vec::new();
    put(&mut framed, message);
    framed
}

fn identities(keys: &[&SigningKey]) -> Vec<u8> {
    let mut message = vec![IDENTITIES_ANSWER];
    put_number(&mut message, u32::try_from(keys.len()).unwrap());
    for key in keys {
        put(&mut message, &blob(&key.verifying_key()));
        put(&mut message, b"a comment");
    }
    framed(&message)
}

fn signed(algorithm: &[u8], signature: &[u8]) -> Vec<u8> {
    let mut inner = Vec::new();
    put(&mut inner, algorithm);
    put(&mut inner, signature);
    let mut message = vec![SIGN_RESPONSE];
    put(&mut message, &inner);
    framed(&message)
}

/// Returns what signing comes to if the agent gives this answer.
fn answered(answer: Vec<u8>) -> Result<Signature, AgentError> {
    let prepared = Prepared::with(vec![answer]);
    prepared.agent().sign(&key().verifying_key(), b"message")
}

#[test]
fn a_key_that_the_agent_holds_signs() {
    let signature = key().sign(b"message").unwrap();
    let answers = vec![
        identities(&[&SigningKey::from_bytes(&[8; 32]), &key()]),
        signed(ALGORITHM, &signature.to_bytes()),
    ];
    let prepared = Prepared::with(answers);

    let held = prepared.agent().key(&key().verifying_key());
    let held = held.unwrap().unwrap();

    assert_eq!(held.public(), key().verifying_key());
    assert_eq!(held.sign(b"message"), Ok(signature));
}

#[test]
fn a_key_that_the_agent_does_not_hold_is_not_found() {
    let other = SigningKey::from_bytes(&[8; 32]);
    let prepared = Prepared::with(vec![identities(&[&other])]);

    let held = prepared.agent().key(&key().verifying_key()).unwrap();

    assert!(held.is_none());
}

#[test]
fn a_signature_that_does_not_verify_is_not_handed_on() {
    let over_another = key().sign(b"another message").unwrap().to_bytes();
    let by_another = SigningKey::from_bytes(&[8; 32])
        .sign(b"message")
        .unwrap()
        .to_bytes();

    for signature in [over_another, by_another] {
        let answer = answered(signed(ALGORITHM, &signature));
        assert!(matches!(answer, Err(AgentError::Nonsense { .. })));
    }
}

#[test]
fn an_agent_that_says_no_is_understood() {
    let answer = answered(framed(&[5]));

    assert!(matches!(answer, Err(AgentError::Refused { .. })));
}

#[test]
fn an_answer_out_of_shape_is_refused_and_nothing_large_is_allocated_for_it() {
    let good = key().sign(b"message").unwrap().to_bytes();
    let whole = signed(ALGORITHM, &good);
    let mut longer = whole.clone();
    longer.push(0);
    longer[3] += 1;
    let cases = [
        u32::MAX.to_be_bytes().to_vec(),
        0_u32.to_be_bytes().to_vec(),
        signed(b"ssh-rsa", &good),
        signed(ALGORITHM, &good[..63]),
        framed(&[SIGN_RESPONSE]),
        framed(&[SIGN_RESPONSE, 255, 255, 255, 255]),
        longer,
    ];

    for case in cases {
        let answer = answered(case);
        assert!(matches!(answer, Err(AgentError::Nonsense { .. })));
    }
    let cut = answered(whole[..20].to_vec());
    assert!(matches!(cut, Err(AgentError::Socket { .. })));
}

#[test]
fn a_list_of_keys_that_is_longer_than_it_is_is_refused() {
    let mut message = vec![IDENTITIES_ANSWER];
    put_number(&mut message, u32::MAX);
    let prepared = Prepared::with(vec![framed(&message)]);

    let held = prepared.agent().key(&key().verifying_key());

    assert!(matches!(held, Err(AgentError::Nonsense { .. })));
}

#[test]
fn where_no_agent_listens_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let agent = Agent::at(&folder.path().join("nobody"));

    let held = agent.key(&key().verifying_key());

    assert!(matches!(held, Err(AgentError::Socket { .. })));
}
