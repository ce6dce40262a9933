//! A small web server for tests: files in memory, asked for and changed over HTTP
//! as a web server for `WebDAV` does it, or an object store that speaks S3.
//!
//! It stands on this machine only, and knows no more than the tests need.

#![allow(dead_code, clippy::expect_used, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

/// What the server holds, and what it was asked.
#[derive(Debug, Default)]
pub(crate) struct Held {
    /// The files, by their paths without a leading slash.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// The requests, as method and path.
    pub(crate) asked: Vec<(String, String)>,
    /// The values of `Authorization` that came with them.
    pub(crate) authorized: Vec<String>,
    /// How many more files it takes before it answers 503; `None` for all.
    pub(crate) takes: Option<usize>,
    /// How long it takes over each request.
    pub(crate) pace: Duration,
}

/// A server that answers for as long as the test runs.
#[derive(Debug)]
pub(crate) struct Server {
    held: Arc<Mutex<Held>>,
    port: u16,
}

/// A request as it was read.
struct Request {
    method: String,
    path: String,
    query: String,
    body: Vec<u8>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let held = Arc::new(Mutex::new(Held::default()));
        let shared = Arc::clone(&held);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || answer(&shared, stream));
            }
        });
        Self { held, port }
    }

    /// Returns the address of a path, `http://127.0.0.1:…/path`.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    pub(crate) fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().expect("the files")
    }

    /// Returns how many requests of this method there were since this was last asked.
    pub(crate) fn count(&self, method: &str) -> usize {
        let mut held = self.held();
        let (these, others) = std::mem::take(&mut held.asked)
            .into_iter()
            .partition::<Vec<_>, _>(|(asked, _)| asked == method);
        held.asked = others;
        these.len()
    }
}

fn answer(held: &Mutex<Held>, stream: TcpStream) {
    let mut reader = BufReader::new(stream.try_clone().expect("the stream"));
    let mut stream = stream;
    while let Some(request) = read(held, &mut reader) {
        let pace = held.lock().expect("the files").pace;
        thread::sleep(pace);
        let (status, body) = act(&mut held.lock().expect("the files"), &request);
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nETag: \"{length}\"\r\n\
             Last-Modified: Thu, 01 Jan 1970 00:00:00 GMT\r\n\r\n"
        );
        let body: &[u8] = if request.method == "HEAD" { &[] } else { &body };
        // In one go: the second of two short ones waits until the first was acknowledged.
        if stream.write_all(&[head.as_bytes(), body].concat()).is_err() {
            return;
        }
    }
}

fn read(held: &Mutex<Held>, reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut words = line.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(':') else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().ok()?,
            "authorization" => {
                let mut held = held.lock().expect("the files");
                held.authorized.push(value.trim().to_owned());
            }
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    Some(Request {
        method,
        path: path.trim_start_matches('/').to_owned(),
        query: query.to_owned(),
        body,
    })
}

fn act(held: &mut Held, request: &Request) -> (&'static str, Vec<u8>) {
    let Request { method, path, .. } = request;
    held.asked.push((method.clone(), path.clone()));
    match method.as_str() {
        "GET" if request.query.contains("list-type=2") => ("200 OK", listing(held, request)),
        "GET" | "HEAD" => match held.files.get(path) {
            Some(bytes) => ("200 OK", bytes.clone()),
            None => ("404 Not Found", b"no such file".to_vec()),
        },
        "PUT" if held.takes == Some(0) => ("503 Service Unavailable", Vec::new()),
        "PUT" => {
            held.takes = held.takes.map(|takes| takes - 1);
            held.files.insert(path.clone(), request.body.clone());
            ("201 Created", Vec::new())
        }
        "DELETE" => match held.files.remove(path) {
            Some(_) => ("204 No Content", Vec::new()),
            None => ("404 Not Found", Vec::new()),
        },
        "POST" if request.query == "delete" => ("200 OK", delete_these(held, request)),
        _ => ("405 Method Not Allowed", Vec::new()),
    }
}

/// Removes the files that a request to an object store names.
fn delete_these(held: &mut Held, request: &Request) -> Vec<u8> {
    let text = String::from_utf8_lossy(&request.body).into_owned();
    let mut gone = String::new();
    for named in text.split("<Key>").skip(1) {
        let key = named.split("</Key>").next().unwrap_or_default();
        held.files.remove(&format!("{}/{key}", request.path));
        gone.push_str(&format!("<Deleted><Key>{key}</Key></Deleted>"));
    }
    format!("<DeleteResult>{gone}</DeleteResult>").into_bytes()
}

/// Returns what an object store says of the files under a prefix, one level deep.
fn listing(held: &Held, request: &Request) -> Vec<u8> {
    let mut asked = request.query.split('&');
    let prefix = asked.find_map(|part| part.strip_prefix("prefix="));
    let prefix = prefix.unwrap_or_default().replace("%2F", "/");
    let mut contents = String::new();
    let mut prefixes = std::collections::BTreeSet::new();
    let bucket = format!("{}/", request.path.trim_end_matches('/'));
    for (path, bytes) in &held.files {
        let Some(key) = path.strip_prefix(&bucket) else {
            continue;
        };
        let Some(below) = key.strip_prefix(&prefix) else {
            continue;
        };
        match below.split_once('/') {
            Some((folder, _)) => {
                prefixes.insert(format!("{prefix}{folder}/"));
            }
            None => contents.push_str(&format!(
                "<Contents><Key>{key}</Key><LastModified>1970-01-01T00:00:00.000Z</LastModified>\
                 <ETag>\"x\"</ETag><Size>{}</Size></Contents>",
                bytes.len()
            )),
        }
    }
    let prefixes = prefixes
        .iter()
        .map(|prefix| format!("<CommonPrefixes><Prefix>{prefix}</Prefix></CommonPrefixes>"));
    let prefixes: String = prefixes.collect();
    format!(
        "<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>false</IsTruncated>\
         {contents}{prefixes}</ListBucketResult>"
    )
    .into_bytes()
}
