//! A bucket of an object store that speaks S3, as a place.
//!
//! Requests are made and signed by `object_store`. It works with promises; here
//! each is waited for.

use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::path::Path;
use object_store::{
    ClientOptions, Error, ObjectStore as _, ObjectStoreExt as _, PutPayload, RetryConfig,
};
use tokio::runtime::{Builder, Runtime};

use crate::error::PlaceError;
use crate::place::Carrier;
use crate::web;

/// How long one request may take with its answer.
const WHOLE: Duration = Duration::from_mins(5);
/// How often a request is made again when the store is out of breath, and for how long.
const RETRIES: usize = 3;
const RETRYING: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(crate) struct Bucket {
    name: String,
    prefix: Path,
    store: AmazonS3,
    runtime: Runtime,
}

impl Bucket {
    /// Returns the place that `s3://` and `rest` name; keys, region and endpoint come
    /// from the environment.
    pub(crate) fn new(text: &str, rest: &str) -> Result<Self, PlaceError> {
        Self::with(text, rest, AmazonS3Builder::from_env())
    }

    /// Returns the place, with keys, region and endpoint as the builder has them.
    pub(crate) fn with(
        text: &str,
        rest: &str,
        builder: AmazonS3Builder,
    ) -> Result<Self, PlaceError> {
        let no_place = |why: String| PlaceError::NoPlace {
            text: text.to_owned(),
            why,
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() {
            return Err(no_place("it names no bucket".to_owned()));
        }
        web::crypto();
        let builder = builder.with_bucket_name(bucket);
        let endpoint = builder.get_config_value(&AmazonS3ConfigKey::Endpoint);
        // Over http a store is asked only on this machine: what it is sent could be read.
        let near = endpoint
            .and_then(|endpoint| reqwest::Url::parse(&endpoint).ok())
            .is_some_and(|endpoint| web::is_loopback(&endpoint));
        let options = ClientOptions::new()
            .with_allow_http(near)
            .with_timeout(WHOLE);
        let store = builder
            .with_client_options(options)
            .with_retry(RetryConfig {
                max_retries: RETRIES,
                retry_timeout: RETRYING,
                ..RetryConfig::default()
            })
            .build();
        let runtime = Builder::new_current_thread().enable_all().build();
        Ok(Self {
            name: text.trim_end_matches('/').to_owned(),
            prefix: Path::parse(prefix.trim_matches('/'))
                .map_err(|fault| no_place(fault.to_string()))?,
            store: store.map_err(|fault| no_place(fault.to_string()))?,
            runtime: runtime.map_err(|fault| no_place(fault.to_string()))?,
        })
    }

    fn at(&self, path: &str) -> Path {
        let below = path.split('/').filter(|part| !part.is_empty());
        self.prefix.parts().chain(below.map(Into::into)).collect()
    }

    fn fault(&self, path: &str, source: Error) -> PlaceError {
        PlaceError::Unreachable {
            place: format!("{}/{path}", self.name),
            source: Box::new(source),
        }
    }

    /// Makes `None` of what is not there.
    fn if_there<T>(&self, path: &str, outcome: Result<T, Error>) -> Result<Option<T>, PlaceError> {
        match outcome {
            Ok(found) => Ok(Some(found)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(fault) => Err(self.fault(path, fault)),
        }
    }
}

impl Carrier for Bucket {
    fn get(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, PlaceError> {
        let place = self.at(path);
        let found = self.runtime.block_on(self.store.get(&place));
        let Some(found) = self.if_there(path, found)? else {
            return Ok(None);
        };
        // The store cuts an answer off where it said that it ends.
        if found.meta.size > most {
            let place = format!("{}/{path}", self.name);
            return Err(PlaceError::TooLong { place, most });
        }
        let bytes = self.runtime.block_on(found.bytes());
        let bytes = bytes.map_err(|fault| self.fault(path, fault))?;
        Ok(Some(bytes.to_vec()))
    }

    fn length(&self, path: &str) -> Result<Option<u64>, PlaceError> {
        let found = self.runtime.block_on(self.store.head(&self.at(path)));
        Ok(self.if_there(path, found)?.map(|found| found.size))
    }

    fn put(&self, path: &str, bytes: &[u8]) -> Result<(), PlaceError> {
        let payload = PutPayload::from(bytes.to_vec());
        let put = self
            .runtime
            .block_on(self.store.put(&self.at(path), payload));
        put.map(|_| ()).map_err(|fault| self.fault(path, fault))
    }

    fn delete(&self, path: &str) -> Result<(), PlaceError> {
        let gone = self.runtime.block_on(self.store.delete(&self.at(path)));
        self.if_there(path, gone).map(|_| ())
    }

    fn list(&self, folder: &str) -> Result<Option<Vec<String>>, PlaceError> {
        let mut found = Vec::new();
        let mut open = vec![self.at(folder)];
        while let Some(next) = open.pop() {
            let below = self.store.list_with_delimiter(Some(&next));
            let below = self.runtime.block_on(below);
            let below = below.map_err(|fault| self.fault(folder, fault))?;
            open.extend(below.common_prefixes);
            for object in below.objects {
                let Some(parts) = object.location.prefix_match(&self.prefix) else {
                    continue;
                };
                let parts: Vec<_> = parts.map(|part| part.as_ref().to_owned()).collect();
                found.push(parts.join("/"));
            }
        }
        Ok(Some(found))
    }
}
