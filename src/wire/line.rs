//! Connections of one thread, used by one call after the other. What happens on them happens while a call waits: no task
//! and no other thread has to be woken, so a call is one write, one wait and one read.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::body::{Body, Incoming};
use hyper::client::conn::TrySendError;
use hyper::client::conn::http1::{Builder, Connection, SendRequest};
use hyper::{Request, Response, Uri};
use tokio::task::yield_now;

use super::client::{FRESH, MOST_HEADERS};
use super::connect::{Cause, Connector, Stream};
use super::outgoing::Outgoing;
use model::Effect;

/// A connection that was not used for so long is closed.
const IDLE: Duration = Duration::from_secs(90);

/// Why there is no answer.
pub(super) enum Lost {
    /// There was no connection.
    Unreached(Cause),
    /// The connection broke, or what came over it was not HTTP.
    Broken(Cause),
}

/// An error, with the request if nothing of it was written.
type Unanswered = TrySendError<Request<Outgoing>>;

/// The connections that can be used again.
#[derive(Debug, Default)]
pub(super) struct Lines(Vec<Kept>);

#[derive(Debug)]
struct Kept {
    /// The number of its kind.
    kind: usize,
    host: String,
    line: Box<Line>,
    /// When an answer last came over it.
    used: Instant,
}

impl Lines {
    /// Takes the connection to a host out, to use it. Connections that were idle for long are closed; before a change,
    /// those that were idle for more than a moment.
    pub(super) fn take(&mut self, kind: usize, host: &str, effect: Effect) -> Option<Box<Line>> {
        let most = if effect == Effect::Read { IDLE } else { FRESH };
        self.0.retain(|kept| kept.used.elapsed() < most);
        let at = self.0.iter().position(|kept| kept.kind == kind && kept.host == host)?;
        Some(self.0.swap_remove(at).line)
    }

    /// Keeps a connection over which an answer comes. It can be used again when that has been read.
    pub(super) fn keep(&mut self, kind: usize, host: &str, line: Box<Line>) -> Option<&mut Line> {
        self.0.push(Kept { kind, host: host.to_owned(), line, used: Instant::now() });
        self.0.last_mut().map(|kept| &mut *kept.line)
    }
}

/// A connection.
#[derive(Debug)]
pub(super) struct Line {
    sender: SendRequest<Outgoing>,
    connection: Connection<Stream, Outgoing>,
    /// It takes no more requests.
    ended: bool,
}

impl Line {
    async fn over(stream: Stream) -> hyper::Result<Box<Line>> {
        let (sender, connection) = Builder::new().max_headers(MOST_HEADERS).handshake(stream).await?;
        Ok(Box::new(Line { sender, connection, ended: false }))
    }

    /// Does what can be done now.
    fn turn(&mut self, context: &mut Context<'_>) {
        // An error reaches who waits for an answer or reads its body.
        self.ended = self.ended || Pin::new(&mut self.connection).poll(context).is_ready();
    }

    /// Whether it takes another request: the last answer has been read, and the other side has not closed it meanwhile.
    async fn is_open(&mut self) -> bool {
        if !self.ended {
            // Nothing was noticed since the last call. The system is asked once, without waiting.
            yield_now().await;
            // Nobody needs to be woken by what the request does to this.
            self.turn(&mut Context::from_waker(Waker::noop()));
        }
        !self.ended && self.sender.is_ready()
    }

    /// Sends a request and waits for the head of the answer.
    async fn ask(&mut self, request: Request<Outgoing>) -> Result<Response<Incoming>, Box<Unanswered>> {
        let mut answer = pin!(self.sender.try_send_request(request));
        let answered = poll_fn(|context| {
            self.turn(context);
            answer.as_mut().poll(context)
        });
        answered.await.map_err(Box::new)
    }

    /// Looks for the next piece of a body.
    fn poll_piece(&mut self, body: &mut Incoming, context: &mut Context<'_>) -> Poll<Option<hyper::Result<Bytes>>> {
        // The body says that it is wanted, the connection reads it, and then it is there.
        if let Poll::Ready(piece) = poll_data(body, context) {
            return Poll::Ready(piece);
        }
        self.turn(context);
        poll_data(body, context)
    }
}

/// The next piece of a body; what drives its connection is `line`, or somebody else.
pub(super) async fn next_piece(line: Option<&mut Line>, body: &mut Incoming) -> Option<hyper::Result<Bytes>> {
    match line {
        Some(line) => poll_fn(|context| line.poll_piece(body, context)).await,
        None => poll_fn(|context| poll_data(body, context)).await,
    }
}

fn poll_data(body: &mut Incoming, context: &mut Context<'_>) -> Poll<Option<hyper::Result<Bytes>>> {
    loop {
        return match Pin::new(&mut *body).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                Ok(data) => Poll::Ready(Some(Ok(data))),
                // What comes after a body is not used.
                Err(_) => continue,
            },
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(error))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        };
    }
}

/// Sends a request over a connection that is kept and still open, or else over a new one.
pub(super) async fn exchanged(
    kept: Option<Box<Line>>,
    connector: Connector,
    to: Uri,
    mut request: Request<Outgoing>,
) -> Result<(Box<Line>, Response<Incoming>), Lost> {
    if let Some(mut line) = kept
        && line.is_open().await
    {
        match line.ask(request).await {
            Ok(response) => return Ok((line, response)),
            Err(mut error) => match error.take_message() {
                // It was closed before any of it was written.
                Some(unsent) => request = unsent,
                None => return Err(Lost::Broken(error.into_error().into())),
            },
        }
    }
    let stream = connector.connect(to).await.map_err(Lost::Unreached)?;
    let mut line = Line::over(stream).await.map_err(|error| Lost::Broken(error.into()))?;
    match line.ask(request).await {
        Ok(response) => Ok((line, response)),
        Err(error) => Err(Lost::Broken(error.into_error().into())),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::{Ipv4Addr, TcpListener};
    use std::sync::mpsc;
    use std::thread;

    use super::*;
    use crate::wire::shared::runtime;

    const LONG: usize = 1_000_000;

    /// A server that answers a path with so many bytes as it says, over and over, and reports the number of each connection
    /// on which a request comes.
    fn server() -> (String, mpsc::Receiver<usize>) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let (url, (asked, is_asked)) = (format!("http://{}", listener.local_addr().unwrap()), mpsc::channel());
        thread::spawn(move || {
            for (number, stream) in listener.incoming().map_while(Result::ok).enumerate() {
                let asked = asked.clone();
                thread::spawn(move || {
                    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
                    while let Some(start) = lines.next() {
                        let length: usize = start.split(['/', ' ']).nth(2).unwrap().parse().unwrap();
                        lines.by_ref().take_while(|line| !line.is_empty()).for_each(drop);
                        asked.send(number).unwrap();
                        let body = "x".repeat(length);
                        let _ = write!(&stream, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}");
                    }
                });
            }
        });
        (url, is_asked)
    }

    #[test]
    fn one_connection_serves_one_call_after_the_other_if_its_answers_are_read() {
        let (url, asked) = server();
        let (runtime, mut lines) = (runtime().unwrap(), Lines::default());
        let connector = runtime.block_on(async { Connector::direct(None, Duration::from_secs(10)) });
        for (length, reads, number) in
            [(3, true, 0), (0, true, 0), (LONG, true, 0), (5, true, 0), (LONG, false, 0), (5, true, 1), (5, true, 1)]
        {
            let uri: Uri = format!("{url}/{length}").parse().unwrap();
            let request =
                Request::get(format!("/{length}")).header("host", "h").body(Outgoing::of(vec![]).unwrap()).unwrap();
            let kept = lines.take(0, "h", Effect::Change);
            let work = exchanged(kept, connector.clone(), uri, request);
            let (line, response) = runtime.block_on(work).unwrap_or_else(|_| panic!("no answer of {length}"));
            let (mut line, mut body) = (lines.keep(0, "h", line), response.into_body());
            let mut count = 0;
            while let Some(piece) = runtime.block_on(next_piece(line.as_deref_mut(), &mut body)).filter(|_| reads) {
                count += piece.unwrap().len();
            }
            assert_eq!((count, asked.recv().unwrap()), (if reads { length } else { 0 }, number), "{length}");
        }
        assert!(lines.take(0, "other", Effect::Read).is_none() && lines.take(1, "h", Effect::Read).is_none());
    }

    #[test]
    fn a_connection_that_was_idle_is_used_for_a_read_and_not_for_a_change() {
        let (url, _asked) = server();
        let runtime = runtime().unwrap();
        let line = || {
            let uri = url.parse().unwrap();
            let open = async {
                Line::over(Connector::direct(None, Duration::from_secs(10)).connect(uri).await.unwrap()).await
            };
            runtime.block_on(open).unwrap()
        };
        for (idle, effect, used) in [
            (Duration::ZERO, Effect::Change, true),
            (FRESH, Effect::Read, true),
            (FRESH, Effect::Change, false),
            (IDLE, Effect::Read, false),
        ] {
            let Some(used_last) = Instant::now().checked_sub(idle) else { continue };
            let mut lines = Lines(vec![Kept { kind: 0, host: "h".into(), line: line(), used: used_last }]);
            assert_eq!(lines.take(0, "h", effect).is_some(), used, "{idle:?} {effect:?}");
            assert!(lines.0.is_empty());
        }
    }
}
