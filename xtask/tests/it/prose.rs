//! The prose linter: plain English in documents, texts of the spec, comments, messages and names.
//!
//! `.ci/prose.toml` has the word list, the covered paths and the exceptions; `.ci/words.txt` is the dictionary of the
//! domain.

mod extract;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use toml::{Table, Value};

use extract::{Part, Piece, pieces, prose};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const CONFIG: &str = include_str!("../../../.ci/prose.toml");

/// A word or phrase to avoid.
struct Word {
    pattern: Regex,
    except: Option<Regex>,
    part: Part,
    write: String,
}

/// An allowed match.
struct Exception {
    path: String,
    text: String,
}

struct Config {
    covered: Vec<String>,
    words: Vec<Word>,
    /// The patterns of all words, to search for them at once.
    patterns: RegexSet,
    exceptions: Vec<Exception>,
}

fn config() -> Config {
    let table: Table = toml::from_str(CONFIG).unwrap();
    let array = |key: &str| table.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let regex = |pattern: String| {
        let pattern = pattern.replace(' ', r"\s+");
        RegexBuilder::new(&pattern).case_insensitive(true).unicode(false).build().unwrap()
    };
    let word = |value: &Value| Word {
        pattern: regex(text(value, "pattern").unwrap()),
        except: text(value, "except").map(regex),
        part: match text(value, "in").as_deref() {
            None => Part::Text,
            Some("doc") => Part::Doc,
            Some("heading") => Part::Heading,
            Some("function") => Part::Function,
            Some("closure") => Part::Closure,
            Some(other) => panic!("`in` must be doc, heading, function or closure; got {other}"),
        },
        write: text(value, "write").unwrap(),
    };
    let exception = |value: &Value| {
        assert!(text(value, "reason").is_some_and(|reason| !reason.is_empty()), "{value:?} needs a reason");
        Exception { path: text(value, "path").unwrap(), text: text(value, "text").unwrap() }
    };
    let covered = match std::env::var("PROSE") {
        Ok(paths) => paths.split_whitespace().map(str::to_owned).collect(),
        Err(_) => array("covered").iter().map(|path| path.as_str().unwrap().to_owned()).collect(),
    };
    let words: Vec<_> = array("word").iter().map(word).collect();
    let patterns = RegexSetBuilder::new(words.iter().map(|word| word.pattern.as_str()));
    Config {
        covered,
        patterns: { patterns }.case_insensitive(true).unicode(false).build().unwrap(),
        words,
        exceptions: array("exception").iter().map(exception).collect(),
    }
}

impl Config {
    fn covers(&self, path: &str) -> bool {
        self.covered.iter().any(|entry| match entry.strip_prefix("*/") {
            Some(name) => path.rsplit('/').next() == Some(name),
            None => is_below(path, entry),
        })
    }

    /// Returns the covered files of the repository and their texts.
    fn files(&self) -> Vec<(String, String)> {
        let list = ["ls-files", "--cached", "--others", "--exclude-standard"];
        let git = Command::new("git").args(list).current_dir(ROOT).output().unwrap();
        let paths = String::from_utf8(git.stdout).unwrap();
        let is_checked = |path: &&str| self.covers(path) && *path != ".ci/prose.toml" && is_supported(path);
        let paths: BTreeSet<_> = paths.lines().filter(is_checked).collect();
        let read = |path: &str| Some((path.to_owned(), fs::read_to_string(Path::new(ROOT).join(path)).ok()?));
        paths.into_iter().filter_map(read).collect()
    }

    /// Returns line, match and advice of each word to avoid in a file.
    fn findings(&self, path: &str, text: &str) -> Vec<(usize, String, &str)> {
        let mut findings = Vec::new();
        for Piece { part, line, text } in pieces(path, text) {
            let applies = |word: &&Word| {
                word.part == part || word.part == Part::Text && matches!(part, Part::Function | Part::Name)
            };
            let found = self.patterns.matches(&text);
            for word in found.iter().map(|index| &self.words[index]).filter(applies) {
                for found in word.pattern.find_iter(&text) {
                    if !word.except.as_ref().is_some_and(|except| except.is_match(found.as_str())) {
                        let line = line + text[..found.start()].matches('\n').count();
                        findings.push((line, found.as_str().replace('\n', " "), word.write.as_str()));
                    }
                }
            }
        }
        findings
    }
}

/// Returns whether a file contains prose. Others are data, or generated from files that do.
fn is_supported(path: &str) -> bool {
    !["json", "jsonl", "lock", "png", "svg"].iter().any(|extension| path.ends_with(&format!(".{extension}")))
}

/// Returns whether a path is an entry, or in the folder of that name.
fn is_below(path: &str, entry: &str) -> bool {
    path.strip_prefix(entry.trim_end_matches('/'))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[test]
fn covered_files_avoid_the_word_list() {
    let config = config();
    let mut unused: Vec<_> =
        config.exceptions.iter().filter(|exception| config.covers(&exception.path)).collect();
    let mut report = Vec::new();
    let files = config.files();
    assert!(!files.is_empty(), "no file is covered by {:?}", config.covered);
    for (path, text) in &files {
        for (line, found, write) in config.findings(path, text) {
            let source = text.lines().nth(line - 1).unwrap_or_default();
            let allows =
                |exception: &Exception| is_below(path, &exception.path) && source.contains(&exception.text);
            if config.exceptions.iter().any(allows) {
                unused.retain(|exception| !allows(exception));
            } else {
                report.push(format!("{path}:{line}: `{found}`; write: {write}"));
            }
        }
    }
    assert!(
        report.is_empty(),
        "{} matches of the word list in .ci/prose.toml:\n{}",
        report.len(),
        report.join("\n")
    );
    let unused: Vec<_> = unused.iter().map(|exception| (&exception.path, &exception.text)).collect();
    assert!(unused.is_empty(), "exceptions without a match: {unused:?}");
}

#[test]
fn word_list_finds_every_part() {
    let config = config();
    let found = |path: &str, text: &str| {
        config.findings(path, text).into_iter().map(|(line, found, _)| (line, found)).collect::<Vec<_>>()
    };
    // A sentence of the README before its revision.
    let sentence = "Text.\n\nthose who call the API, and what to do instead. Here somebody allows names of\n";
    assert_eq!(found("README.md", sentence), [(3, "somebody".to_owned())]);
    assert_eq!(found("a.md", "It is not known any\nmore, `told`.\n"), [(1, "any more".to_owned())]);
    assert_eq!(found("a.md", "``somebody ` somebody`` somebody\n").len(), 1);
    assert_eq!(
        found("a.md", "```text\ntold\n```\n<!-- rules -->\ntold\n<!-- end of rules -->\ntold\n").len(),
        1
    );
    assert_eq!(found("a.md", "## What goes\n\n### What you get\n"), [(1, "What goes".to_owned())]);
    assert_eq!(found("a.yaml", "summary: Tells a time. # There is no zone.\n").len(), 1);
    let rust =
        "/// What the item is.\nfn kept() {}\n\n/// Reads.\nfn read_told() { list.map(|it| it.name) }\n";
    let rust = found("a.rs", rust).into_iter().map(|(line, _)| line).collect::<BTreeSet<_>>();
    assert_eq!(rust, BTreeSet::from([1, 2, 5]));
    assert_eq!(found("a.rs", "/// Returns the fields.\nfn fields() { list.map(|field| field.name) }\n"), []);
}

/// Returns the words of covered prose that a dictionary should have, with the first path of each.
fn prose_words(files: &[(String, String)]) -> Vec<(String, String)> {
    let word = Regex::new(r"[^\s|()\[\]{}<>*,;:!?=+…“”→↔─│▶▼]+").unwrap();
    let plain = Regex::new(r"^[A-Za-z]?[a-z]{1,29}(?:'[a-z]+)?$").unwrap();
    let comment = Regex::new(r"^\s*//[/!]?").unwrap();
    let mut words = Vec::new();
    let mut seen = BTreeSet::new();
    for (path, text) in files {
        let prose = prose(path, text);
        // Of Rust, only comments; of other languages, Markdown and YAML texts.
        let lines: Vec<_> = match path.rsplit('.').next() {
            Some("md") => prose.lines().map(str::to_owned).collect(),
            Some("rs") => {
                let is_comment = text.lines().map(|line| comment.is_match(line));
                prose.lines().zip(is_comment).filter(|(_, is)| *is).map(|(line, _)| line.to_owned()).collect()
            }
            Some("yaml") => yaml_texts(text),
            _ => Vec::new(),
        };
        for line in lines {
            for found in word.find_iter(&line) {
                let found = found.as_str().trim_matches(|char: char| !char.is_alphanumeric());
                for part in found.split(['-', '/', '–']).filter(|part| plain.is_match(part)) {
                    if seen.insert(part.to_owned()) {
                        words.push((part.to_owned(), path.clone()));
                    }
                }
            }
        }
    }
    words
}

/// Returns the texts for people of a YAML file.
fn yaml_texts(text: &str) -> Vec<String> {
    const KEYS: [&str; 8] =
        ["title", "summary", "description", "when", "reason", "replacement", "notes", "remark"];
    fn collect(value: &serde_yaml::Value, is_text: bool, texts: &mut Vec<String>) {
        match value {
            serde_yaml::Value::String(text) if is_text => texts.push(prose("text.md", text)),
            serde_yaml::Value::Sequence(values) => {
                values.iter().for_each(|value| collect(value, is_text, texts));
            }
            serde_yaml::Value::Mapping(entries) => {
                for (key, value) in entries {
                    collect(value, key.as_str().is_some_and(|key| KEYS.contains(&key)), texts);
                }
            }
            _ => {}
        }
    }
    let mut texts = Vec::new();
    if let Ok(value) = serde_yaml::from_str(text) {
        collect(&value, false, &mut texts);
    }
    texts
}

/// Returns the words that are in neither dictionary.
fn find_misspelled(words: &str) -> Option<BTreeSet<String>> {
    let mut hunspell = Command::new("hunspell")
        .args(["-l", "-d", "en_US", "-i", "utf-8", "-p"])
        .arg(Path::new(ROOT).join(".ci/words.txt"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    hunspell.stdin.take().unwrap().write_all(words.as_bytes()).unwrap();
    let output = hunspell.wait_with_output().unwrap();
    assert!(output.status.success(), "hunspell failed; is hunspell-en-us installed?");
    Some(String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect())
}

#[test]
fn covered_prose_is_spelled_correctly() {
    let words = prose_words(&config().files());
    let list: String = words.iter().map(|(word, _)| format!("{word}\n")).collect();
    let Some(misspelled) = find_misspelled(&list) else {
        assert!(
            std::env::var_os("TEST_TOOLS").is_none_or(|tools| tools != "required"),
            "hunspell is missing"
        );
        println!("skipped: hunspell is not installed");
        return;
    };
    let report: Vec<_> = words.iter().filter(|(word, _)| misspelled.contains(word)).collect();
    assert!(report.is_empty(), "correct these words, or add them to .ci/words.txt: {report:?}");
}

#[test]
fn spelling_check_finds_misspelled_word() {
    let files = [("a.md".to_owned(), "The `servre` of a serverr, see [x](y.md).\n".to_owned())];
    let words = prose_words(&files);
    assert!(
        words.iter().any(|(word, _)| word == "serverr") && words.iter().all(|(word, _)| word != "servre")
    );
    if let Some(misspelled) = find_misspelled("server\nserverr\n") {
        assert_eq!(misspelled, BTreeSet::from(["serverr".to_owned()]));
    }
}
