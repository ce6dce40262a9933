//! The web: requests over HTTP, and a web server as a place.
//!
//! A server is asked with GET and HEAD, and written to with PUT and DELETE, as
//! a server for `WebDAV` or one of its own kind understands them. Certificates are
//! judged by what the system trusts. Answers are read no further than they may be
//! long, and no server is sent anything over plain http but questions, unless it is
//! this machine.

use std::io::Read as _;
use std::time::Duration;

use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::{Method, StatusCode, Url, redirect};

use crate::error::PlaceError;
use crate::place::Carrier;

/// The variable whose value goes into the `Authorization` header of requests to
/// a web server that a roll is pushed to.
pub const AUTHORIZATION: &str = "CHANCERY_AUTHORIZATION";

/// How long to wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a server that was asked, or sent something, may keep silent.
const SILENT: Duration = Duration::from_mins(1);
/// How many bytes of a file may at the least be expected to come or go in a second.
const SLOWEST: u64 = 64 << 10;
/// How long a question with a short answer may take.
const SHORT: Duration = Duration::from_secs(30);
/// How often a request is sent on.
const MOST_REDIRECTS: usize = 5;

/// What a server answered: a status, the kind of what it sent, and the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status of HTTP.
    pub status: u16,
    /// The `Content-Type`, or nothing.
    pub content_type: String,
    /// The bytes, no more than were allowed.
    pub body: Vec<u8>,
}

/// Asks the server at an address for what is there.
///
/// # Errors
/// The address does not read, the server cannot be reached, or the answer has more
/// than `most` bytes. An answer of any status is an answer.
pub fn get(address: &str, most: u64) -> Result<Answer, PlaceError> {
    let web = Web::new(address)?;
    web.answer(Method::GET, web.base.clone(), ("", Vec::new()), most)
}

/// Sends the server at an address these bytes, of this `Content-Type`, and returns
/// its answer.
///
/// # Errors
/// As with [`get`]. Over plain http, bytes go to any server: whoever calls this
/// sends what is public.
pub fn post(address: &str, kind: &str, body: Vec<u8>, most: u64) -> Result<Answer, PlaceError> {
    let web = Web::new(address)?;
    web.answer(Method::POST, web.base.clone(), (kind, body), most)
}

/// A web server's folder.
#[derive(Debug)]
pub(crate) struct Web {
    base: Url,
    client: Client,
    authorization: Option<String>,
    silent: Duration,
}

impl Web {
    pub(crate) fn new(text: &str) -> Result<Self, PlaceError> {
        Self::patient(text, SILENT)
    }

    /// Returns the place; a server that is asked may keep silent for so long.
    pub(crate) fn patient(text: &str, silent: Duration) -> Result<Self, PlaceError> {
        let no_place = |why: String| PlaceError::NoPlace {
            text: text.to_owned(),
            why,
        };
        let base = Url::parse(text).map_err(|fault| no_place(fault.to_string()))?;
        if base.query().is_some() || base.fragment().is_some() {
            return Err(no_place("it has a query or a fragment".to_owned()));
        }
        let client = client(&base).map_err(|fault| no_place(fault.to_string()))?;
        let authorization = std::env::var(AUTHORIZATION).ok();
        Ok(Self {
            base,
            client,
            authorization: authorization.filter(|value| !value.is_empty()),
            silent,
        })
    }

    /// Returns the address as it may be told.
    pub(crate) fn name(&self) -> String {
        told(&self.base)
    }

    fn address(&self, path: &str) -> Url {
        let mut address = self.base.clone();
        if let Ok(mut parts) = address.path_segments_mut() {
            parts.pop_if_empty().extend(path.split('/'));
        }
        address
    }

    /// Returns whether nobody on the way can read what is sent.
    fn is_sealed(&self) -> bool {
        self.base.scheme() == "https" || is_loopback(&self.base)
    }

    /// Returns a request that carries so many bytes, one way or the other, at the most. It may
    /// take as long as these take on a slow line: a server that says nothing to a short
    /// question is not waited for as one that sends a long file is.
    fn request(&self, method: Method, address: Url, bytes: u64) -> RequestBuilder {
        let whole = self.silent + Duration::from_secs(bytes / SLOWEST);
        let request = self.client.request(method, address).timeout(whole);
        match self.authorization.as_ref().filter(|_| self.is_sealed()) {
            Some(value) => request.header("Authorization", value),
            None => request,
        }
    }

    fn answer(
        &self,
        method: Method,
        address: Url,
        (kind, body): (&str, Vec<u8>),
        most: u64,
    ) -> Result<Answer, PlaceError> {
        let place = told(&address);
        let mut request = self.client.request(method, address);
        if !kind.is_empty() {
            request = request.header("Content-Type", kind);
        }
        let response = send(&place, request.body(body).timeout(SHORT))?;
        let kind = response.headers().get("Content-Type");
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let content_type = kind.to_owned();
        Ok(Answer {
            status: response.status().as_u16(),
            content_type,
            body: read(&place, response, most)?,
        })
    }

    fn change(&self, method: Method, path: &str, body: Vec<u8>) -> Result<StatusCode, PlaceError> {
        let address = self.address(path);
        let place = told(&address);
        self.check_writable()?;
        let length = body.len() as u64;
        let request = self.request(method, address, length).body(body);
        let response = send(&place, request)?;
        Ok(response.status())
    }
}

impl Carrier for Web {
    fn get(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, PlaceError> {
        let address = self.address(path);
        let place = told(&address);
        let response = send(&place, self.request(Method::GET, address, most))?;
        if is_absent(response.status()) {
            return Ok(None);
        }
        done(&place, response.status())?;
        read(&place, response, most).map(Some)
    }

    fn length(&self, path: &str) -> Result<Option<u64>, PlaceError> {
        let address = self.address(path);
        let place = told(&address);
        let response = send(&place, self.request(Method::HEAD, address, 0))?;
        if is_absent(response.status()) {
            return Ok(None);
        }
        done(&place, response.status())?;
        let length = response.headers().get("Content-Length");
        let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
        // A server that does not say how long a file is gets it once more.
        Ok(length)
    }

    fn put(&self, path: &str, bytes: &[u8]) -> Result<(), PlaceError> {
        let status = self.change(Method::PUT, path, bytes.to_vec())?;
        done(&told(&self.address(path)), status)
    }

    fn delete(&self, path: &str) -> Result<(), PlaceError> {
        let status = self.change(Method::DELETE, path, Vec::new())?;
        if is_absent(status) {
            return Ok(());
        }
        done(&told(&self.address(path)), status)
    }

    fn check_writable(&self) -> Result<(), PlaceError> {
        if self.is_sealed() {
            return Ok(());
        }
        let place = self.name();
        Err(PlaceError::Unsealed { place })
    }

    fn list(&self, _folder: &str) -> Result<Option<Vec<String>>, PlaceError> {
        Ok(None)
    }
}

fn client(base: &Url) -> Result<Client, reqwest::Error> {
    crypto();
    Client::builder()
        .connect_timeout(CONNECT)
        .redirect(redirect::Policy::limited(MOST_REDIRECTS))
        // Who asked over https is not sent on to http.
        .https_only(base.scheme() == "https")
        .user_agent(concat!("chancery/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// Says once, for the whole process, which code does the cryptography of TLS.
pub(crate) fn crypto() {
    // Refused only if it has been said already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Returns whether an address is this machine's own.
pub(crate) fn is_loopback(address: &Url) -> bool {
    let Some(host) = address.host_str() else {
        return false;
    };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let numbered = bare.parse::<std::net::IpAddr>();
    host == "localhost" || numbered.is_ok_and(|number| number.is_loopback())
}

fn send(place: &str, request: RequestBuilder) -> Result<Response, PlaceError> {
    request.send().map_err(|fault| PlaceError::Unreachable {
        place: place.to_owned(),
        // The address is in `place` already, without what may be secret in it.
        source: Box::new(fault.without_url()),
    })
}

/// Returns an address as it may be told: without a password.
fn told(address: &Url) -> String {
    let mut address = address.clone();
    let _ = address.set_password(None);
    let _ = address.set_username("");
    address.to_string()
}

fn is_absent(status: StatusCode) -> bool {
    status == StatusCode::NOT_FOUND || status == StatusCode::GONE
}

fn done(place: &str, status: StatusCode) -> Result<(), PlaceError> {
    if status.is_success() {
        return Ok(());
    }
    Err(PlaceError::Refused {
        place: place.to_owned(),
        status: status.as_u16(),
    })
}

fn read(place: &str, response: Response, most: u64) -> Result<Vec<u8>, PlaceError> {
    let mut bytes = Vec::new();
    let limited = response
        .take(most.saturating_add(1))
        .read_to_end(&mut bytes);
    limited.map_err(|source| PlaceError::Unreachable {
        place: place.to_owned(),
        source: Box::new(source),
    })?;
    if bytes.len() as u64 > most {
        let place = place.to_owned();
        return Err(PlaceError::TooLong { place, most });
    }
    Ok(bytes)
}
