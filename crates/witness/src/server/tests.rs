//! Tests of the door: statuses, kinds of answers, and what is sent that is no request.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use chancery_chain::note::parse_signatures;
use tempfile::TempDir;

use super::*;
use crate::memory::Memory;
use crate::testing::{Log, ORIGIN, at, witness};

/// What came back: the status, the kind, the body.
struct Back {
    status: u16,
    kind: String,
    body: String,
}

/// Opens the door of a new witness, for as long as the test runs.
fn open() -> (TempDir, SocketAddr) {
    let folder = TempDir::new().unwrap();
    Memory::create(folder.path()).unwrap();
    let witness = witness(folder.path());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || serve(witness, listener, || at(5)));
    (folder, address)
}

fn send(address: SocketAddr, head: &str, body: &[u8]) -> Back {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    let head = format!(
        "{head} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    // Who is refused before the end may find the door shut.
    let _ = stream.write_all(body);
    let mut text = Vec::new();
    let _ = stream.read_to_end(&mut text);
    let text = String::from_utf8(text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines
        .next()
        .unwrap()
        .split(' ')
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    let kind = lines.find_map(|line| line.strip_prefix("content-type: "));
    Back {
        status,
        kind: kind.unwrap_or_default().to_owned(),
        body: body.to_owned(),
    }
}

fn ask(address: SocketAddr, body: &[u8]) -> Back {
    send(address, "POST /add-checkpoint", body)
}

#[test]
fn every_answer_has_the_status_and_the_kind_that_the_specification_gives() {
    let (_folder, address) = open();
    let (log, other) = (Log::grown(1, 9), Log::grown(2, 9));

    let cosigned = ask(address, &log.body(0, 5));
    assert_eq!((cosigned.status, cosigned.kind.as_str()), (200, TEXT));
    assert_eq!(parse_signatures(&cosigned.body).unwrap().len(), 1);

    let behind = ask(address, &log.body(0, 9));
    assert_eq!(
        (behind.status, behind.kind.as_str(), behind.body.as_str()),
        (409, SIZE, "5\n")
    );
    assert_eq!(ask(address, &other.body(5, 5)).status, 422);
    assert_eq!(ask(address, &other.body(5, 9)).status, 422);
    let text = String::from_utf8(log.body(5, 9)).unwrap();
    assert_eq!(
        ask(address, text.replace("\n9\n", "\n8\n").as_bytes()).status,
        403
    );
    assert_eq!(
        ask(address, text.replace("/test\n9", "/other\n9").as_bytes()).status,
        404
    );
    assert_eq!(
        ask(address, text.replace("old 5", "old x").as_bytes()).status,
        400
    );
    assert_eq!(ask(address, &log.body(5, 9)).status, 200);
}

#[test]
fn what_is_no_request_is_refused() {
    let (_folder, address) = open();

    assert_eq!(send(address, "GET /add-checkpoint", b"").status, 405);
    assert_eq!(send(address, "POST /", b"old 0\n").status, 404);
    assert_eq!(ask(address, b"").status, 400);
    assert_eq!(ask(address, &vec![b'x'; LONGEST]).status, 400);
    assert_eq!(ask(address, &vec![b'x'; LONGEST + 1]).status, 413);
}

#[test]
fn anybody_may_see_what_was_cosigned_last() {
    let (_folder, address) = open();
    let log = Log::grown(1, 9);
    // SHA-256 of the log's origin.
    let path = format!("GET /{}/checkpoint", crate::memory::name_of(ORIGIN));
    assert_eq!(send(address, &path, b"").status, 404);
    let line = ask(address, &log.body(0, 5)).body;

    let shown = send(address, &path, b"");

    assert_eq!((shown.status, shown.kind.as_str()), (200, TEXT));
    assert_eq!(shown.body, format!("{}{line}", log.note(5)));
    for other in [
        "GET /x/checkpoint",
        "GET /../logs/checkpoint",
        "GET /%2e%2e/checkpoint",
    ] {
        assert_eq!(send(address, other, b"").status, 404, "{other}");
    }
}
