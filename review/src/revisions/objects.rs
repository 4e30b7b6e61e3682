//! Reads objects of a repository through one `git cat-file --batch`.

use std::collections::HashMap;
use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Stdio};
use std::sync::Arc;

use super::git::{Git, GitError};

/// The number of objects that are requested before the first is read. The requests fit into the
/// smallest pipe, so that neither side waits for the other.
const BATCH: usize = 4096 / 65;

/// The largest object whose contents are read, in bytes: far more than the largest file of a spec.
const MAX_SIZE: u64 = 16 << 20;

/// A running `git cat-file --batch`.
pub(super) struct ObjectReader {
    process: Child,
    requests: ChildStdin,
    replies: BufReader<ChildStdout>,
    errors: ChildStderr,
    /// The files read so far, by their hashes. Most files of two revisions are the same.
    files: HashMap<String, Contents>,
}

/// An object of a repository.
#[derive(Debug)]
pub(super) struct Object {
    /// Its hash.
    pub(super) id: String,
    pub(super) kind: ObjectKind,
    pub(super) contents: Contents,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ObjectKind {
    Commit,
    Tree,
    File,
    Tag,
}

/// The contents of an object.
#[derive(Clone, Debug)]
pub(super) enum Contents {
    Bytes(Arc<[u8]>),
    /// The size in bytes of an object that is too large to read.
    TooLarge(u64),
}

/// The result of looking up a revision.
pub(super) enum Lookup {
    Object(Object),
    Missing,
    /// Several hashes begin with the name.
    Ambiguous,
}

/// Why an object could not be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReadError {
    #[error("the object {0} is missing")]
    Missing(String),
    #[error(transparent)]
    Git(#[from] GitError),
}

/// An entry of a tree.
#[derive(Debug)]
pub(super) struct TreeEntry {
    pub(super) name: Vec<u8>,
    pub(super) kind: EntryKind,
    /// Its hash.
    pub(super) id: String,
}

/// The kind of an entry of a tree, from its mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryKind {
    Folder,
    File,
    Link,
    Submodule,
    Unknown,
}

impl ObjectReader {
    /// Starts the process.
    pub(super) fn start(git: &Git) -> Result<Self, GitError> {
        let mut command = git.command(&["cat-file", "--batch"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().map_err(GitError::Start)?;
        let (stdin, stdout, stderr) = (process.stdin.take(), process.stdout.take(), process.stderr.take());
        let (Some(requests), Some(replies), Some(errors)) = (stdin, stdout, stderr) else {
            return Err(io::Error::other("the process has no pipes").into());
        };
        let replies = BufReader::with_capacity(1 << 16, replies);
        Ok(Self { process, requests, replies, errors, files: HashMap::new() })
    }

    /// Looks up a revision, in any form that `git rev-parse` accepts.
    pub(super) fn find(&mut self, name: &str) -> Result<Lookup, GitError> {
        // A line break would end the request. No name contains other control characters either.
        if name.chars().any(char::is_control) {
            return Ok(Lookup::Missing);
        }
        let mut found = Lookup::Missing;
        self.request(&[name], |_, reply| found = reply)?;
        Ok(found)
    }

    /// Reads the trees with these hashes.
    pub(super) fn trees(&mut self, ids: &[&str]) -> Result<Vec<Vec<TreeEntry>>, ReadError> {
        let mut trees = Vec::with_capacity(ids.len());
        self.request(ids, |id, reply| trees.push(tree(id, reply)))?;
        trees.into_iter().collect()
    }

    /// Reads the files with these hashes.
    pub(super) fn files(&mut self, ids: &[&str]) -> Result<Vec<Contents>, ReadError> {
        let mut unknown: Vec<_> = ids.iter().copied().filter(|id| !self.files.contains_key(*id)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        let mut read = Vec::with_capacity(unknown.len());
        self.request(&unknown, |id, reply| read.push((id.to_owned(), reply)))?;
        for (id, reply) in read {
            let Lookup::Object(Object { contents, .. }) = reply else { return Err(ReadError::Missing(id)) };
            self.files.insert(id, contents);
        }
        let file =
            |id: &&str| self.files.get(*id).cloned().ok_or_else(|| ReadError::Missing((*id).to_owned()));
        ids.iter().map(file).collect()
    }

    /// Requests objects, and passes each requested name with its reply to `reply`.
    fn request(&mut self, names: &[&str], mut reply: impl FnMut(&str, Lookup)) -> Result<(), GitError> {
        for batch in names.chunks(BATCH) {
            let lines = batch.iter().fold(String::new(), |lines, name| lines + name + "\n");
            if self.requests.write_all(lines.as_bytes()).is_err() {
                return Err(self.failure());
            }
            for name in batch {
                reply(name, self.reply(name)?);
            }
        }
        Ok(())
    }

    fn reply(&mut self, name: &str) -> Result<Lookup, GitError> {
        let mut line = Vec::new();
        self.replies.read_until(b'\n', &mut line)?;
        if line.pop() != Some(b'\n') {
            return Err(self.failure());
        }
        let line = String::from_utf8_lossy(&line);
        match line.strip_prefix(name) {
            Some(" missing") => return Ok(Lookup::Missing),
            Some(" ambiguous") => return Ok(Lookup::Ambiguous),
            _ => {}
        }
        // The commit of a submodule is in another repository.
        if line.ends_with(" submodule") {
            return Ok(Lookup::Missing);
        }
        let Some((id, kind, size)) = header(&line) else {
            return Err(GitError::Unexpected(line.into_owned()));
        };
        let contents = self.contents(size)?;
        Ok(Lookup::Object(Object { id: id.to_owned(), kind, contents }))
    }

    /// Reads contents, and the line break after them.
    fn contents(&mut self, size: u64) -> io::Result<Contents> {
        let mut bytes = Vec::new();
        let mut contents = (&mut self.replies).take(size);
        let read = if size > MAX_SIZE {
            io::copy(&mut contents, &mut io::sink())?
        } else {
            contents.read_to_end(&mut bytes)? as u64
        };
        if read < size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.replies.read_exact(&mut [0])?;
        Ok(if size > MAX_SIZE { Contents::TooLarge(size) } else { Contents::Bytes(bytes.into()) })
    }

    /// The error of the process, after it ended.
    fn failure(&mut self) -> GitError {
        let mut text = Vec::new();
        // Without a message, the exit code remains.
        let _ = self.errors.read_to_end(&mut text);
        match self.process.wait() {
            Ok(status) => GitError::from_output(&text, status.code()),
            Err(error) => error.into(),
        }
    }
}

impl Drop for ObjectReader {
    fn drop(&mut self) {
        // The process only reads, so that it can be killed at any time. An error means that it ended before.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Parses the first line of a reply: the hash, kind and size of an object.
fn header(line: &str) -> Option<(&str, ObjectKind, u64)> {
    let mut words = line.split(' ');
    let (id, kind, size) = (words.next()?, words.next()?, words.next()?);
    let kind = match kind {
        "commit" => ObjectKind::Commit,
        "tree" => ObjectKind::Tree,
        "blob" => ObjectKind::File,
        "tag" => ObjectKind::Tag,
        _ => return None,
    };
    Some((id, kind, size.parse().ok()?))
}

fn tree(id: &str, reply: Lookup) -> Result<Vec<TreeEntry>, ReadError> {
    match reply {
        Lookup::Object(Object { kind: ObjectKind::Tree, contents: Contents::Bytes(bytes), .. }) => {
            entries(&bytes, id.len() / 2)
                .ok_or_else(|| GitError::Unexpected(format!("a damaged tree {id}")).into())
        }
        Lookup::Object(_) => Err(GitError::Unexpected(format!("{id}, which is not a tree")).into()),
        Lookup::Missing | Lookup::Ambiguous => Err(ReadError::Missing(id.to_owned())),
    }
}

/// Parses the entries of a tree, each of which is `<mode> <name>\0<hash>`. A hash has 20 bytes, or 32 with
/// SHA-256.
fn entries(mut tree: &[u8], hash_length: usize) -> Option<Vec<TreeEntry>> {
    let mut entries = Vec::new();
    while !tree.is_empty() {
        let space = tree.iter().position(|byte| *byte == b' ')?;
        let end = tree.iter().position(|byte| *byte == 0)?;
        let (mode, name) = (tree.get(..space)?, tree.get(space + 1..end)?);
        let (hash, rest) = tree.get(end + 1..)?.split_at_checked(hash_length)?;
        let kind = match mode {
            b"40000" => EntryKind::Folder,
            b"120000" => EntryKind::Link,
            b"160000" => EntryKind::Submodule,
            mode if mode.starts_with(b"100") => EntryKind::File,
            _ => EntryKind::Unknown,
        };
        entries.push(TreeEntry { name: name.to_vec(), kind, id: hex(hash) });
        tree = rest;
    }
    Some(entries)
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_trees_with_either_hash() {
        for length in [20, 32] {
            let mut tree = Vec::new();
            for (mode, name) in [("100644", "a b"), ("40000", "caf\u{e9}"), ("120000", "link")] {
                tree.extend(format!("{mode} {name}\0").as_bytes());
                tree.extend(vec![b' '; length]);
            }
            let found = entries(&tree, length).unwrap();
            let kinds: Vec<_> = found.iter().map(|entry| entry.kind).collect();
            assert_eq!(kinds, [EntryKind::File, EntryKind::Folder, EntryKind::Link]);
            assert_eq!(found[0].name, b"a b");
            assert!(found.iter().all(|entry| entry.id == "20".repeat(length)));
            assert!(entries(&tree[..tree.len() - 1], length).is_none());
            assert!(entries(b"100644 name", length).is_none());
        }
    }

    #[test]
    fn parses_headers() {
        assert_eq!(header("1a2b blob 12"), Some(("1a2b", ObjectKind::File, 12)));
        for line in ["", "1a2b", "1a2b blob", "1a2b blob x", "1a2b thing 1"] {
            assert_eq!(header(line), None, "{line}");
        }
    }
}
