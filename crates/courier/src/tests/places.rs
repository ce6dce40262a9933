//! Files carried to and from places of each kind; the servers stand on this machine.

use std::fs;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use object_store::aws::AmazonS3Builder;
use tempfile::TempDir;

use crate::bucket::Bucket;
use crate::place::Carrier;
use crate::server::Server;
use crate::web::{self, Web};
use crate::{Place, PlaceError};

#[test]
fn a_folder_gives_back_what_was_put_there() {
    let folder = TempDir::new().expect("a folder");

    gives_back_what_it_was_given(&Place::folder(&folder.path().join("roll")));
}

#[test]
fn a_web_server_gives_back_what_was_put_there() {
    let server = Server::start();

    gives_back_what_it_was_given(&place(&server.address("archive/roll/")));

    let held = server.held();
    assert!(held.files.contains_key("archive/roll/tile/0/001.p/3"));
}

#[test]
fn a_bucket_gives_back_what_was_put_there() {
    let server = Server::start();
    let bucket = bucket(&server);

    bucket.put("tile/0/000", b"hashes").expect("put");
    bucket.put("tile/0/001.p/3", b"more").expect("put");
    bucket.put("checkpoint", b"note").expect("put");

    let held: Vec<_> = server.held().files.keys().cloned().collect();
    let expected = [
        "vault/archive/roll/checkpoint",
        "vault/archive/roll/tile/0/000",
        "vault/archive/roll/tile/0/001.p/3",
    ];
    assert_eq!(held, expected);
    assert_eq!(
        bucket.get("tile/0/000", 6).expect("got"),
        Some(b"hashes".to_vec())
    );
    assert_eq!(bucket.length("tile/0/000").expect("told"), Some(6));
    assert_eq!(bucket.get("tile/0/002", 6).expect("asked"), None);
    assert_eq!(bucket.length("tile/0/002").expect("asked"), None);
    let mut listed = bucket.list("tile").expect("listed").expect("a list");
    listed.sort();
    assert_eq!(listed, ["tile/0/000", "tile/0/001.p/3"]);
    bucket.delete("tile/0/000").expect("deleted");
    assert_eq!(bucket.get("tile/0/000", 6).expect("asked"), None);
}

#[test]
fn requests_to_a_bucket_are_signed() {
    let server = Server::start();

    bucket(&server).put("checkpoint", b"note").expect("put");

    let authorized = server.held().authorized.clone();
    assert!(authorized[0].starts_with("AWS4-HMAC-SHA256 Credential=key/"));
}

#[test]
fn a_file_that_is_too_long_is_not_read_whole() {
    let server = Server::start();
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("checkpoint"), [b'x'; 100]).expect("written");
    let bytes = vec![b'x'; 100];
    server
        .held()
        .files
        .insert("checkpoint".to_owned(), bytes.clone());
    let bucketed = "vault/archive/roll/checkpoint".to_owned();
    server.held().files.insert(bucketed, bytes);

    let near = Place::folder(folder.path()).get("checkpoint", 99);
    let far = place(&server.address("")).get("checkpoint", 99);
    let stored = bucket(&server).get("checkpoint", 99);

    for answer in [near, far, stored] {
        assert!(matches!(answer, Err(PlaceError::TooLong { most: 99, .. })));
    }
}

#[test]
fn a_server_that_answers_no_is_told_apart_from_one_that_is_not_there() {
    let server = Server::start();
    server.held().takes = Some(0);

    let refused = place(&server.address("roll")).put("checkpoint", b"note");
    let absent = place("http://127.0.0.1:9/").get("checkpoint", 10);

    assert!(matches!(
        refused,
        Err(PlaceError::Refused { status: 503, .. })
    ));
    assert!(matches!(absent, Err(PlaceError::Unreachable { .. })));
}

#[test]
fn a_server_that_takes_a_question_and_keeps_silent_is_not_waited_for_long() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!(
        "http://{}/roll",
        listener.local_addr().expect("its address")
    );
    let web = Web::patient(&address, Duration::from_millis(200)).expect("a place");
    let begun = Instant::now();

    let asked = web.get("checkpoint", 1);

    assert!(matches!(asked, Err(PlaceError::Unreachable { .. })));
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[test]
fn nothing_is_put_anywhere_over_plain_http_but_on_this_machine() {
    let far = place("http://archive.example/roll");

    let put = far.put("checkpoint", b"note");
    let deleted = far.delete("checkpoint");

    assert!(matches!(put, Err(PlaceError::Unsealed { .. })));
    assert!(matches!(deleted, Err(PlaceError::Unsealed { .. })));
}

#[test]
fn a_text_that_names_no_place_is_refused_with_the_reason() {
    for (text, why) in [
        (
            "ftp://archive.example/",
            "ftp is none of http, https and s3",
        ),
        ("s3:///roll", "it names no bucket"),
        ("https://", "empty host"),
        (
            "https://archive.example/?size=3",
            "it has a query or a fragment",
        ),
    ] {
        let told = Place::parse(text).expect_err("no place").to_string();
        let expected = format!("{text} is no place to carry files to or from: {why}");
        assert_eq!(told, expected);
    }
}

#[test]
fn a_question_is_answered_whatever_the_status() {
    let server = Server::start();
    server
        .held()
        .files
        .insert("known".to_owned(), b"here".to_vec());

    let known = web::get(&server.address("known"), 10).expect("an answer");
    let unknown = web::get(&server.address("unknown"), 20).expect("an answer");
    let posted = web::post(&server.address("known"), "text/plain", vec![1], 20).expect("an answer");

    assert_eq!((known.status, known.body), (200, b"here".to_vec()));
    assert_eq!((unknown.status, posted.status), (404, 405));
}

#[test]
fn a_password_in_an_address_is_not_told() {
    let far = place("http://keeper:secret@127.0.0.1:9/roll");

    let told = format!(
        "{far} {far:?} {}",
        far.get("checkpoint", 1).expect_err("no server")
    );

    assert!(!told.contains("secret"), "{told}");
}

fn gives_back_what_it_was_given(place: &Place) {
    assert_eq!(place.get("tile/0/000", 10).expect("asked"), None);
    assert_eq!(place.length("tile/0/000").expect("asked"), None);
    place.put("tile/0/000", b"first").expect("put");
    place.put("tile/0/000", b"hashes").expect("put over it");
    place.put("tile/0/001.p/3", b"more").expect("put");
    assert_eq!(
        place.get("tile/0/000", 6).expect("got"),
        Some(b"hashes".to_vec())
    );
    assert_eq!(place.length("tile/0/000").expect("told"), Some(6));
    if let Some(listed) = place.list("tile").expect("listed") {
        assert_eq!(listed, ["tile/0/000", "tile/0/001.p/3"]);
    }
    place.delete("tile/0/000").expect("deleted");
    place.delete("tile/0/000").expect("deleted again");
    assert_eq!(place.get("tile/0/000", 6).expect("asked"), None);
    assert_eq!(place.get("tile/0/000/below", 6).expect("asked"), None);
}

fn place(address: &str) -> Place {
    Place::parse(address).expect("a place")
}

pub(super) fn bucket(server: &Server) -> Bucket {
    let builder = AmazonS3Builder::new()
        .with_endpoint(server.address(""))
        .with_access_key_id("key")
        .with_secret_access_key("secret");
    Bucket::with("s3://vault/archive/roll/", "vault/archive/roll/", builder).expect("a bucket")
}
