//! How does the client get rows of a copy by the thousand, where the server sends each by itself?
//!
//! `COPY` out sends a message a row, and the client goes through its runtime for each message: that took more of the processor
//! than to take the rows apart. Where one message of a copy ends and the next begins means nothing, so those that came together
//! are made one before the client sees them. All other messages stay as they are.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// So much is read at a time.
const CAME: usize = 16 * 1024;

/// The kind of a message that brings a part of a copy.
const COPY: u8 = b'd';

/// A message's kind, and how long the rest of it is, in four bytes that count themselves.
const HEADER: usize = 5;

/// A connection to a server of which what comes is gathered.
pub(crate) struct Gathered<S> {
    channel: S,
    /// What came, and how much of it is not looked at yet: part of a header.
    came: Box<[u8]>,
    kept: usize,
    /// What the client is to read, and how much of it it has read.
    ready: Vec<u8>,
    read: usize,
    /// So much is still to come of a message whose beginning was handed on.
    rest: usize,
}

impl<S> Gathered<S> {
    /// Over a connection on which the client has not said anything yet.
    pub(crate) fn new(channel: S) -> Gathered<S> {
        Gathered {
            channel,
            came: vec![0; CAME].into(),
            kept: 0,
            ready: Vec::new(),
            read: 0,
            rest: 0,
        }
    }

    /// What it lies over.
    pub(crate) fn channel(&self) -> &S {
        &self.channel
    }
}

/// Puts what came where the client reads, and tells how much at its end is part of a header.
fn gather(came: &[u8], rest: &mut usize, ready: &mut Vec<u8>) -> usize {
    let (of_message, mut came) = came.split_at((*rest).min(came.len()));
    ready.extend_from_slice(of_message);
    *rest -= of_message.len();
    // Where the message stands to which the next part of a copy is added.
    let mut open = None;
    while let Some((header, behind)) = came.split_first_chunk::<HEADER>() {
        let [kind, length @ ..] = *header;
        let length = u32::from_be_bytes(length) as usize;
        let body = length.saturating_sub(HEADER - 1);
        if kind == COPY && body <= behind.len() {
            if open.is_none() {
                open = Some(ready.len());
                ready.extend_from_slice(header);
            }
            let (body, behind) = behind.split_at(body);
            ready.extend_from_slice(body);
            came = behind;
        } else {
            close(ready, open.take());
            let there = (HEADER + body).min(came.len());
            ready.extend_from_slice(&came[..there]);
            *rest = HEADER + body - there;
            came = &came[there..];
        }
    }
    close(ready, open);
    came.len()
}

/// Notes in the header of the message that begins there how long it has become.
fn close(ready: &mut [u8], open: Option<usize>) {
    let Some(start) = open else {
        return;
    };
    let length = u32::try_from(ready.len() - start - 1).unwrap_or(u32::MAX);
    ready[start + 1..start + HEADER].copy_from_slice(&length.to_be_bytes());
}

impl<S: AsyncRead + Unpin> AsyncRead for Gathered<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let it = &mut *self;
        while it.read == it.ready.len() {
            let mut room = ReadBuf::new(&mut it.came[it.kept..]);
            ready!(Pin::new(&mut it.channel).poll_read(context, &mut room))?;
            let came = it.kept + room.filled().len();
            it.ready.clear();
            it.read = 0;
            if came == it.kept {
                // It was closed: the client is to see also the part of a header that came.
                it.ready.extend_from_slice(&it.came[..came]);
                it.kept = 0;
                if came == 0 {
                    return Poll::Ready(Ok(()));
                }
                continue;
            }
            it.kept = gather(&it.came[..came], &mut it.rest, &mut it.ready);
            it.came.copy_within(came - it.kept..came, 0);
        }
        let unread = &it.ready[it.read..];
        let taken = unread.len().min(into.remaining());
        into.put_slice(&unread[..taken]);
        it.read += taken;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Gathered<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.channel).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.channel).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.channel.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.channel).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.channel).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
        [&[kind], &length[..], body].concat()
    }

    /// The messages of a stream, and what is left of it.
    fn messages(mut stream: &[u8]) -> (Vec<(u8, Vec<u8>)>, &[u8]) {
        let mut found = Vec::new();
        while let Some((header, behind)) = stream.split_first_chunk::<HEADER>() {
            let [kind, length @ ..] = *header;
            let body = u32::from_be_bytes(length) as usize - 4;
            let Some((body, behind)) = behind.split_at_checked(body) else {
                break;
            };
            found.push((kind, body.to_vec()));
            stream = behind;
        }
        (found, stream)
    }

    /// The same with neighbouring parts of a copy put together.
    fn together(messages: Vec<(u8, Vec<u8>)>) -> Vec<(u8, Vec<u8>)> {
        let mut all: Vec<(u8, Vec<u8>)> = Vec::new();
        for (kind, body) in messages {
            match all.last_mut() {
                Some((COPY, before)) if kind == COPY => before.extend(body),
                _ => all.push((kind, body)),
            }
        }
        all
    }

    /// What the client gets of pieces that come one after the other.
    fn read(pieces: &[&[u8]]) -> Vec<u8> {
        let (mut kept, mut rest, mut got) = (Vec::new(), 0, Vec::new());
        for piece in pieces {
            let came = [&kept[..], piece].concat();
            let left = gather(&came, &mut rest, &mut got);
            kept = came[came.len() - left..].to_vec();
        }
        got.extend(kept);
        got
    }

    proptest! {
        #[test]
        fn what_is_gathered_says_the_same(
            sent in prop::collection::vec((prop::sample::select(&b"dddDCTZ"[..]), prop::collection::vec(any::<u8>(), 0..40)), 0..20),
            torn in 0_usize..8,
            cuts in prop::collection::vec(1_usize..60, 1..40),
        ) {
            let mut stream: Vec<u8> = sent.iter().flat_map(|(kind, body)| message(*kind, body)).collect();
            stream.truncate(stream.len().saturating_sub(torn));
            let mut pieces = Vec::new();
            let mut behind = &stream[..];
            for cut in cuts.iter().cycle() {
                if behind.is_empty() { break; }
                let (piece, others) = behind.split_at((*cut).min(behind.len()));
                pieces.push(piece);
                behind = others;
            }
            let got = read(&pieces);
            let ((sent, torn), (told, left)) = (messages(&stream), messages(&got));
            prop_assert_eq!(together(sent), together(told));
            prop_assert_eq!(torn, left);
        }
    }

    #[test]
    fn what_came_together_is_one_message() {
        let rows = [
            message(COPY, b"one"),
            message(COPY, b"two"),
            message(b'c', b""),
        ];
        assert_eq!(
            read(&[&rows.concat()]),
            [message(COPY, b"onetwo"), message(b'c', b"")].concat()
        );
    }
}
