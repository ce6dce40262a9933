//! The door of a witness: requests over HTTP, two paths, answers of a few bytes.
//!
//! A request is read no further than one can be long, and not for ever. Who may
//! ask is decided by the checkpoint's key signature and by nothing else. For TLS,
//! and against whoever opens connections and says nothing, a web server of
//! the usual kind stands in front.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chancery_chain::Instant;

use crate::request::LONGEST;
use crate::witness::{Answer, Witness};

/// How long a request may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);
/// What an answer with a size is, by the specification.
const SIZE: &str = "text/x.tlog.size";
/// What all other answers are.
const TEXT: &str = "text/plain; charset=utf-8";

/// A witness at its door, with a clock.
#[derive(Clone)]
struct Door {
    witness: Arc<Witness>,
    clock: fn() -> Instant,
}

/// Answers what arrives at the listener, until the process is ended.
///
/// The process may be killed at any moment: what was cosigned is remembered.
///
/// # Errors
/// The system does not let it listen.
pub fn serve(witness: Witness, listener: TcpListener, clock: fn() -> Instant) -> io::Result<()> {
    let witness = Arc::new(witness);
    let app = Router::new()
        .route("/add-checkpoint", post(add_checkpoint))
        .route("/{origin}/checkpoint", get(checkpoint))
        .with_state(Door { witness, clock });
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        axum::serve(listener, app).await
    })
}

async fn add_checkpoint(State(door): State<Door>, body: Body) -> Response {
    let Ok(read) = tokio::time::timeout(PATIENCE, to_bytes(body, LONGEST)).await else {
        return told(
            StatusCode::REQUEST_TIMEOUT,
            TEXT,
            "the request took too long\n",
        );
    };
    let Ok(body) = read else {
        return told(
            StatusCode::PAYLOAD_TOO_LARGE,
            TEXT,
            "the request is too long\n",
        );
    };
    // The disk is waited for: this must not hold up those who only arrive.
    let Door { witness, clock } = door;
    let judged = tokio::task::spawn_blocking(move || witness.add(&body, clock())).await;
    answer(judged.unwrap_or(Answer::Failed))
}

/// Shows anybody what was cosigned last, so that the log is not the only one to say it.
async fn checkpoint(State(door): State<Door>, Path(origin): Path<String>) -> Response {
    let witness = door.witness;
    let found = tokio::task::spawn_blocking(move || witness.checkpoint(&origin)).await;
    match found {
        Ok(Ok(Some(note))) => told(StatusCode::OK, TEXT, note.to_string()),
        Ok(Ok(None)) => told(
            StatusCode::NOT_FOUND,
            TEXT,
            "nothing was cosigned of this log\n",
        ),
        Ok(Err(_)) | Err(_) => answer(Answer::Failed),
    }
}

fn answer(answer: Answer) -> Response {
    tracing::info!(?answer, "answers");
    match answer {
        Answer::Cosigned(line) => told(StatusCode::OK, TEXT, format!("{line}\n")),
        Answer::Malformed(fault) => told(StatusCode::BAD_REQUEST, TEXT, format!("{fault}\n")),
        Answer::Unknown => told(StatusCode::NOT_FOUND, TEXT, "this log is not known here\n"),
        Answer::Unsigned => {
            let fault = "the checkpoint is not signed by the key that is known of this log\n";
            told(StatusCode::FORBIDDEN, TEXT, fault)
        }
        Answer::Conflict(size) => told(StatusCode::CONFLICT, SIZE, format!("{size}\n")),
        Answer::Inconsistent(fault) => {
            told(StatusCode::UNPROCESSABLE_ENTITY, TEXT, format!("{fault}\n"))
        }
        Answer::Failed => {
            let fault = "the witness cannot remember what it sees, and cosigns nothing\n";
            told(StatusCode::INTERNAL_SERVER_ERROR, TEXT, fault)
        }
    }
}

fn told(status: StatusCode, kind: &'static str, body: impl Into<String>) -> Response {
    let body: String = body.into();
    (status, [(header::CONTENT_TYPE, kind)], body).into_response()
}

#[cfg(test)]
mod tests;
