//! Reads objects of a repository through one `git cat-file --batch`.

use std::collections::HashMap;
use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Stdio};
use std::sync::Arc;

use super::git::{Git, GitError};

/// How many objects are requested before the first is read: the requests fit
/// into the smallest pipe, so that neither side waits for the other.
const REQUESTS: usize = 4096 / 65;

/// The largest object whose contents are kept: far more than the largest file
/// of a spec.
const KEPT: u64 = 16 << 20;

/// A running `git cat-file --batch`.
pub(super) struct Objects {
    process: Child,
    requests: ChildStdin,
    replies: BufReader<ChildStdout>,
    errors: ChildStderr,
    /// The files that were read, by their hashes: most files of two versions
    /// are the same.
    files: HashMap<String, Contents>,
}

/// An object of the repository.
#[derive(Debug)]
pub(super) struct Object {
    /// Its hash.
    pub(super) id: String,
    pub(super) kind: Kind,
    pub(super) contents: Contents,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Commit,
    Tree,
    File,
    Tag,
}

/// The contents of an object.
#[derive(Clone, Debug)]
pub(super) enum Contents {
    Bytes(Arc<[u8]>),
    /// More bytes than are kept: how many.
    TooLarge(u64),
}

/// What a revision names.
pub(super) enum Found {
    Object(Object),
    Missing,
    /// Several objects have hashes that begin like this.
    Ambiguous,
}

/// Why an object could not be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReadError {
    /// The repository does not have it.
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

impl Objects {
    pub(super) fn start(git: &Git) -> Result<Self, GitError> {
        let mut command = git.command(&["cat-file", "--batch"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().map_err(GitError::Start)?;
        let (stdin, stdout, stderr) = (process.stdin.take(), process.stdout.take(), process.stderr.take());
        let (Some(requests), Some(replies), Some(errors)) = (stdin, stdout, stderr) else {
            return Err(io::Error::other("it has no pipes").into());
        };
        let replies = BufReader::with_capacity(1 << 16, replies);
        Ok(Self { process, requests, replies, errors, files: HashMap::new() })
    }

    /// The object that a revision names, as `git rev-parse` understands it.
    pub(super) fn find(&mut self, name: &str) -> Result<Found, GitError> {
        // A line break would end the request, and no name has other ones.
        if name.chars().any(char::is_control) {
            return Ok(Found::Missing);
        }
        let mut found = Found::Missing;
        self.request(&[name], |_, reply| found = reply)?;
        Ok(found)
    }

    /// The trees with these hashes.
    pub(super) fn trees(&mut self, ids: &[&str]) -> Result<Vec<Vec<TreeEntry>>, ReadError> {
        let mut trees = Vec::with_capacity(ids.len());
        self.request(ids, |id, reply| trees.push(tree(id, reply)))?;
        trees.into_iter().collect()
    }

    /// The contents of the files with these hashes.
    pub(super) fn files(&mut self, ids: &[&str]) -> Result<Vec<Contents>, ReadError> {
        let mut unknown: Vec<_> = ids.iter().copied().filter(|id| !self.files.contains_key(*id)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        let mut read = Vec::with_capacity(unknown.len());
        self.request(&unknown, |id, reply| read.push((id.to_owned(), reply)))?;
        for (id, reply) in read {
            let Found::Object(Object { contents, .. }) = reply else { return Err(ReadError::Missing(id)) };
            self.files.insert(id, contents);
        }
        let file =
            |id: &&str| self.files.get(*id).cloned().ok_or_else(|| ReadError::Missing((*id).to_owned()));
        ids.iter().map(file).collect()
    }

    /// Requests objects, and passes on each reply with the name that was
    /// requested.
    fn request(&mut self, names: &[&str], mut reply: impl FnMut(&str, Found)) -> Result<(), GitError> {
        for some in names.chunks(REQUESTS) {
            let lines = some.iter().fold(String::new(), |lines, name| lines + name + "\n");
            if self.requests.write_all(lines.as_bytes()).is_err() {
                return Err(self.failure());
            }
            for name in some {
                reply(name, self.reply(name)?);
            }
        }
        Ok(())
    }

    fn reply(&mut self, name: &str) -> Result<Found, GitError> {
        let mut line = Vec::new();
        self.replies.read_until(b'\n', &mut line)?;
        if line.pop() != Some(b'\n') {
            return Err(self.failure());
        }
        let line = String::from_utf8_lossy(&line);
        match line.strip_prefix(name) {
            Some(" missing") => return Ok(Found::Missing),
            Some(" ambiguous") => return Ok(Found::Ambiguous),
            _ => {}
        }
        // The commit of a submodule is in another repository.
        if line.ends_with(" submodule") {
            return Ok(Found::Missing);
        }
        let Some((id, kind, size)) = header(&line) else {
            return Err(GitError::Unexpected(line.into_owned()));
        };
        let contents = self.contents(size)?;
        Ok(Found::Object(Object { id: id.to_owned(), kind, contents }))
    }

    /// Reads contents, and the line break after them.
    fn contents(&mut self, size: u64) -> io::Result<Contents> {
        let mut bytes = Vec::new();
        let mut contents = (&mut self.replies).take(size);
        let read = if size > KEPT {
            io::copy(&mut contents, &mut io::sink())?
        } else {
            contents.read_to_end(&mut bytes)? as u64
        };
        if read < size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.replies.read_exact(&mut [0])?;
        Ok(if size > KEPT { Contents::TooLarge(size) } else { Contents::Bytes(bytes.into()) })
    }

    /// The error of a process that ended.
    fn failure(&mut self) -> GitError {
        let mut text = Vec::new();
        // Without its last words, its exit code has to do.
        let _ = self.errors.read_to_end(&mut text);
        match self.process.wait() {
            Ok(status) => GitError::failed(&text, status.code()),
            Err(error) => error.into(),
        }
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        // It only reads, so that it can be stopped at any time. An error says
        // that it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The hash, kind and size of an object, from the first line of a reply.
fn header(line: &str) -> Option<(&str, Kind, u64)> {
    let mut words = line.split(' ');
    let (id, kind, size) = (words.next()?, words.next()?, words.next()?);
    let kind = match kind {
        "commit" => Kind::Commit,
        "tree" => Kind::Tree,
        "blob" => Kind::File,
        "tag" => Kind::Tag,
        _ => return None,
    };
    Some((id, kind, size.parse().ok()?))
}

fn tree(id: &str, reply: Found) -> Result<Vec<TreeEntry>, ReadError> {
    match reply {
        Found::Object(Object { kind: Kind::Tree, contents: Contents::Bytes(bytes), .. }) => {
            entries(&bytes, id.len() / 2)
                .ok_or_else(|| GitError::Unexpected(format!("a damaged tree {id}")).into())
        }
        Found::Object(_) => Err(GitError::Unexpected(format!("{id}, which is not a tree")).into()),
        Found::Missing | Found::Ambiguous => Err(ReadError::Missing(id.to_owned())),
    }
}

/// The entries of a tree, each written as `<mode> <name>\0<hash>`. A hash has 20
/// bytes, or 32 with SHA-256.
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
    fn trees_are_read_with_either_hash() {
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
    fn headers() {
        assert_eq!(header("1a2b blob 12"), Some(("1a2b", Kind::File, 12)));
        for line in ["", "1a2b", "1a2b blob", "1a2b blob x", "1a2b thing 1"] {
            assert_eq!(header(line), None, "{line}");
        }
    }
}
