//! Tests of the real process: its command line, its signals, and its data after it
//! is killed.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::task::JoinSet;
use zstack_node::control::CONTROL_HEADER;
use zstack_node::inventory::{SAMPLE, password_hash};

use crate::local::sample::{BARE_1, DB_1, RESCUE, WEB_1};

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zstack-node"));
    command.args(arguments).env("RUST_LOG", "warn").stderr(Stdio::piped()).stdout(Stdio::piped());
    command
}

pub(crate) fn run(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A serving node, which is killed when it is dropped.
pub(crate) struct Server {
    pub(crate) process: Child,
    pub(crate) url: String,
}

impl Server {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut all = vec!["serve", "--listen", "127.0.0.1:0"];
        all.extend(arguments);
        Self::read_url(command(&all).stderr(Stdio::null()).spawn().unwrap())
    }

    /// Starts a node that listens on an address, and reads its log.
    pub(crate) fn start_with_log(listen: &str, level: &str, arguments: &[&str]) -> (Self, Log) {
        let mut all = vec!["serve", "--listen", listen];
        all.extend(arguments);
        let mut process = command(&all).env("RUST_LOG", level).spawn().unwrap();
        let lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let (sender, log) = mpsc::channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                // The test may have dropped the receiver.
                let _ = sender.send(line);
            }
        });
        (Self::read_url(process), Log(log))
    }

    fn read_url(mut process: Child) -> Self {
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ").unwrap_or_else(|| panic!("`{line}`")).to_owned();
        Self { process, url }
    }

    pub(crate) fn on(database: &Path) -> Self {
        Self::start(&["--database", database.to_str().unwrap()])
    }

    pub(crate) fn caller(&self) -> Caller {
        Caller { client: reqwest::Client::new(), url: self.url.clone(), session: String::new() }
    }

    /// Sends SIGTERM. Returns the exit code and the time until the end.
    pub(crate) fn stop(mut self) -> (Option<i32>, Duration) {
        let start = Instant::now();
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let status = self.process.wait().unwrap();
        (status.code(), start.elapsed())
    }
}

/// The log of a server, line by line.
pub(crate) struct Log(Receiver<String>);

impl Log {
    /// Waits for the next line that contains a text.
    pub(crate) fn wait_for(&self, text: &str) -> String {
        loop {
            let line = self.0.recv_timeout(Duration::from_secs(30));
            let line = line.unwrap_or_else(|error| panic!("no line with `{text}`: {error}"));
            if line.contains(text) {
                return line;
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After an error, the process has already ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn the_end_of_input_stops_the_node_on_request() {
    for (arguments, ends) in [
        (&["serve", "--listen", "127.0.0.1:0", "--until-stdin-ends"][..], true),
        (&["serve", "--listen", "127.0.0.1:0"], false),
    ] {
        let mut process = command(arguments).stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert!(process.try_wait().unwrap().is_none(), "{arguments:?}");
        drop(process.stdin.take());
        if ends {
            assert_eq!(process.wait().unwrap().code(), Some(0));
        } else {
            std::thread::sleep(Duration::from_millis(300));
            assert!(process.try_wait().unwrap().is_none());
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }
}

#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) client: reqwest::Client,
    pub(crate) url: String,
    pub(crate) session: String,
}

impl Caller {
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        body: &str,
    ) -> Result<(u16, Value), reqwest::Error> {
        self.send_with(method, path, &[], body).await
    }

    pub(crate) async fn send_with(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<(u16, Value), reqwest::Error> {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.client.request(method, format!("{}/zstack/v1{path}", self.url));
        let mut request =
            request.header("Authorization", format!("OAuth {}", self.session)).body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await?;
        let status = response.status().as_u16();
        let text = response.text().await?;
        Ok((status, serde_json::from_str(&text).unwrap_or(Value::String(text))))
    }

    async fn log_in(&self) -> Result<String, reqwest::Error> {
        let hash = password_hash("password");
        let body = format!(r#"{{"logInByAccount":{{"accountName":"admin","password":"{hash}"}}}}"#);
        let (status, answer) = self.send("PUT", "/accounts/login", &body).await?;
        assert_eq!(status, 200, "{answer}");
        Ok(answer["inventory"]["uuid"].as_str().unwrap().to_owned())
    }

    pub(crate) async fn with_session(mut self) -> Self {
        self.session = self.log_in().await.unwrap();
        self
    }
}

#[test]
fn errors_of_the_command_line_are_explained() {
    assert_eq!(run(&["serve", "--nonsense"]).status.code(), Some(2));
    assert_eq!(run(&["serve", "--zone", "Mars/Olympus"]).status.code(), Some(2));
    assert_eq!(run(&["serve", "--max-connections", "0"]).status.code(), Some(2));
    for option in ["--idle-timeout", "--header-timeout", "--body-timeout", "--write-timeout"] {
        assert_eq!(run(&["serve", option, "0"]).status.code(), Some(2), "{option}");
        assert_eq!(run(&["serve", option, "1s"]).status.code(), Some(2), "{option}");
    }
    for version in ["new", "9.9", "0.5"] {
        let output = run(&["serve", "--api-version", version]);
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains("declared") || version == "new", "{output:?}");
    }
    let output = run(&["serve", "--webhook-allow", "http://ci.example.com/"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("is not a host name, an IP address, a CIDR"), "{output:?}");
    let output = run(&["serve", "--allowed-host", "http://ci.example.com/"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("is not a host name or an IP address"), "{output:?}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cloud.yaml");
    let (path, database) = (file.to_str().unwrap(), folder.path().join("store.sqlite"));
    let database = database.to_str().unwrap();

    std::fs::write(&file, "zones: [{nam: here}]").unwrap();
    let output = run(&["load", path, "--database", database]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains("cloud.yaml:1:10: unknown key `nam` in a zone; did you mean `name`?"),
        "{output:?}"
    );
    assert!(!Path::new(database).exists());

    std::fs::write(&file, run(&["sample"]).stdout).unwrap();
    let output = run(&["load", path]);
    assert!(output.status.success() && text(&output.stdout).contains("is valid"), "{output:?}");
    let output = run(&["load", path, "--database", database]);
    assert!(output.status.success() && text(&output.stdout).starts_with("loaded "), "{output:?}");
    let output = run(&["load", path, "--database", database]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("the database already has the account `alice`"), "{output:?}");

    let output = run(&["serve", "--listen", "127.0.0.1:0", "--database", path]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("is not an SQLite database"), "{output:?}");
    let output = run(&["serve", "--listen", "unknown"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("cannot listen on unknown"), "{output:?}");
}

#[test]
fn limits_of_connections_are_options_and_are_logged() {
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--max-connections", "1", "--header-timeout", "1"];
    let arguments = [&arguments[..], &["--body-timeout", "1"]].concat();
    let mut process = command(&arguments).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on http://").unwrap().to_owned();
    let log = BufReader::new(process.stderr.take().unwrap());
    let mut server = Server { process, url: String::new() };
    let connect = |text: &str| {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        stream
    };
    let answer = |mut stream: TcpStream| {
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let expect = "expect: 100-continue\r\ncontent-length: 2\r\n\r\n";
    let mut first = connect(&format!(
        "POST /_node/reset HTTP/1.1\r\nhost: localhost\r\nx-zstack-node-control: 1\r\n{expect}"
    ));
    // While the node waits for the body, the connection is not idle.
    let mut go_on = [0; 25];
    first.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    // The second connection waits until the first one is refused.
    let second = connect("GET /zstack/v1/");
    assert!(answer(first).starts_with("HTTP/1.1 408 "));
    assert!(answer(second).starts_with("HTTP/1.1 408 "));
    server.process.kill().unwrap();
    let lines: Vec<_> = log.lines().map(Result::unwrap).collect();
    for part in ["--max-connections", "--header-timeout", "--body-timeout"] {
        assert!(lines.iter().any(|line| line.contains(part) && line.contains("WARN")), "{part}: {lines:?}");
    }
}

#[tokio::test]
async fn a_second_node_on_the_same_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("store.sqlite");
    let server = Server::on(&database);
    let output = run(&["serve", "--listen", "127.0.0.1:0", "--database", database.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("in use by another process"), "{output:?}");
    // The first node still serves.
    server.caller().log_in().await.unwrap();
}

#[tokio::test]
async fn options_of_the_api_take_effect() {
    let server =
        Server::start(&["--sample", "--jobs-always", "--zone", "Asia/Shanghai", "--api-version", "3.1.0"]);
    let caller = server.caller().with_session().await;
    let (status, answer) =
        caller.send("POST", &format!("/vm-instances/{DB_1}/iso/{RESCUE}"), "").await.unwrap();
    assert_eq!(status, 202, "{answer}");
    assert!(answer["location"].as_str().unwrap().contains("/zstack/v1/api-jobs/"), "{answer}");
    // The operation came with 3.3.0.
    let (status, _) = caller.send("POST", "/vm-instances/cdroms", "{}").await.unwrap();
    assert_eq!(status, 404);
    let (_, answer) = caller.send("GET", &format!("/images/iso/{RESCUE}/vm-candidates"), "").await.unwrap();
    assert_eq!(answer["inventories"][0]["createDate"], "Mar 2, 2026 4:30:00 PM");
    assert_eq!(answer["inventories"][0].get("vmCdRoms"), None);
    assert_eq!(server.stop().0, Some(0));
}

#[tokio::test]
async fn webhook_options_restrict_the_targets() {
    let path = format!("/vm-instances/{DB_1}/iso/{RESCUE}");
    for (arguments, allowed, refused) in [
        (&["--sample"][..], "127.0.0.1", "10.0.0.1"),
        (&["--sample", "--webhook-allow", "10.0.0.0/8", "--webhook-allow", "ci"], "ci", "127.0.0.1"),
    ] {
        let server = Server::start(arguments);
        let caller = server.caller().with_session().await;
        let (status, text) = caller
            .send_with("POST", &path, &[("X-Web-Hook", &format!("http://{refused}/"))], "")
            .await
            .unwrap();
        assert_eq!(status, 400, "{text}");
        assert!(text.as_str().unwrap().contains("X-Web-Hook") && text.as_str().unwrap().contains(refused));
        let (status, answer) = caller
            .send_with("POST", &path, &[("X-Web-Hook", &format!("http://{allowed}:9/"))], "")
            .await
            .unwrap();
        assert_eq!(status, 202, "{answer}");
    }
}

#[tokio::test]
async fn the_sample_is_not_loaded_into_existing_data() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("store.sqlite");
    for round in 0..2 {
        let server = Server::start(&["--sample", "--database", database.to_str().unwrap()]);
        let caller = server.caller().with_session().await;
        let (status, _) =
            caller.send("POST", &format!("/vm-instances/{WEB_1}/iso/{RESCUE}"), "").await.unwrap();
        assert_eq!(status, if round == 0 { 200 } else { 503 });
        assert_eq!(server.stop().0, Some(0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_finishes_requests_and_jobs() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("store.sqlite");
    let server = Server::start(&["--sample", "--database", database.to_str().unwrap()]);
    let caller = server.caller().with_session().await;
    // A client that never completes its request must not delay the end for long.
    let mut stalled = TcpStream::connect(server.url.strip_prefix("http://").unwrap()).unwrap();
    stalled.write_all(b"GET /zstack/v1/").unwrap();
    let mut all = JoinSet::new();
    for number in 0..30 {
        let caller = caller.clone();
        all.spawn(async move {
            let body = format!(r#"{{"params":{{"name":"cd-{number}","vmInstanceUuid":"{BARE_1}"}}}}"#);
            caller.send("POST", "/vm-instances/cdroms", &body).await
        });
    }
    let first = all.join_next().await.unwrap().unwrap();
    let (code, took) = tokio::task::spawn_blocking(move || server.stop()).await.unwrap();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(8), "{took:?}");
    // Answered calls were executed; the others were canceled cleanly.
    let answers: Vec<_> = all.join_all().await.into_iter().chain([first]).flatten().collect();
    let created = answers.iter().filter(|answer| answer.0 == 200).count();
    assert!(created <= 3 && answers.iter().all(|answer| answer.0 == 200 || answer.0 == 503));

    let server = Server::on(&database);
    let caller = Caller { url: server.url.clone(), ..caller };
    let (_, answer) = caller.send("GET", &format!("/images/iso/{RESCUE}/vm-candidates"), "").await.unwrap();
    let bare =
        answer["inventories"].as_array().unwrap().iter().find(|answer| answer["uuid"] == BARE_1).unwrap();
    assert!(bare["vmCdRoms"].as_array().unwrap().len() >= created);
}

/// Reading or writing an inventory does not delay the end.
#[tokio::test(flavor = "multi_thread")]
async fn stopping_does_not_wait_for_an_inventory() {
    // One that takes long to read, and one that takes long to write.
    let vms: String = (0..10_000)
        .map(|number| format!("  - {{name: m-{number}, image: Rocky Linux 9, primaryStorage: nfs}}\n"))
        .collect();
    for inventory in [format!("x: [{}]", "a, ".repeat(400_000)), format!("{SAMPLE}{vms}")] {
        let server = Server::start(&[]);
        let request = server.caller().client.post(format!("{}/_node/inventory", server.url));
        let request = request.header(CONTROL_HEADER, "1").body(inventory);
        let sent = tokio::spawn(request.send());
        tokio::time::sleep(Duration::from_millis(150)).await;
        let (code, took) = tokio::task::spawn_blocking(move || server.stop()).await.unwrap();
        assert_eq!(code, Some(0));
        assert!(took < Duration::from_secs(11), "{took:?}");
        // Both an answer and an error are possible.
        let _ = sent.await.unwrap();
    }
}

/// The state of a VM instance as far as callers know it.
#[derive(Clone, Copy, Default)]
struct KnownState {
    /// True if the ISO is attached according to the last answer.
    attached: bool,
    /// True if an answer is missing, so that both states are possible.
    pending: bool,
}

const VMS: usize = 8;

fn vm_uuid(number: usize) -> String {
    format!("d000000000004000800000000000010{number}")
}

/// After a kill at any moment, all answered changes are stored.
#[tokio::test(flavor = "multi_thread")]
async fn answered_changes_survive_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let (file, database) = (folder.path().join("cloud.yaml"), folder.path().join("store.sqlite"));
    let vms: String = (0..VMS)
        .map(|number| {
            format!(
                "  - {{name: m-{number}, uuid: {}, image: Rocky Linux 9, primaryStorage: nfs}}\n",
                vm_uuid(number)
            )
        })
        .collect();
    std::fs::write(&file, format!("{SAMPLE}{vms}")).unwrap();
    let output = run(&["load", file.to_str().unwrap(), "--database", database.to_str().unwrap()]);
    assert!(output.status.success(), "{output:?}");

    let known = Arc::new(Mutex::new([KnownState::default(); VMS]));
    let mut sessions = Vec::new();
    let mut changes = 0;
    for round in 0..4_u64 {
        let mut server = Server::on(&database);
        let caller = server.caller().with_session().await;
        check(&caller, &known).await;
        let mut all = JoinSet::new();
        for number in 0..VMS {
            let (caller, known) = (caller.clone(), Arc::clone(&known));
            all.spawn(async move { (attach_and_detach(&caller, number, &known).await, Vec::new()) });
        }
        let logins = caller.clone();
        all.spawn(async move {
            let mut opened = Vec::new();
            while let Ok(session) = logins.log_in().await {
                opened.push(session);
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            (0, opened)
        });
        tokio::time::sleep(Duration::from_millis(250 + 70 * round)).await;
        server.process.kill().unwrap();
        for (count, opened) in all.join_all().await {
            changes += count;
            sessions.extend(opened);
        }
    }
    assert!(changes > 50, "only {changes} changes, too few for a meaningful test");

    let server = Server::on(&database);
    let caller = server.caller().with_session().await;
    check(&caller, &known).await;
    for session in sessions {
        let caller = Caller { session, ..caller.clone() };
        let (status, answer) =
            caller.send("GET", &format!("/images/iso/{RESCUE}/vm-candidates"), "").await.unwrap();
        assert_eq!(status, 200, "{answer}");
    }
}

/// Attaches and detaches until the node ends. Returns the number of answered changes.
async fn attach_and_detach(caller: &Caller, number: usize, known: &Mutex<[KnownState; VMS]>) -> usize {
    let vm = vm_uuid(number);
    for count in 0.. {
        let attach = {
            let mut known = known.lock().unwrap();
            known[number].pending = true;
            !known[number].attached
        };
        let answer = if attach {
            caller.send("POST", &format!("/vm-instances/{vm}/iso/{RESCUE}"), "").await
        } else {
            caller.send("DELETE", &format!("/vm-instances/{vm}/iso?isoUuid={RESCUE}"), "").await
        };
        let Ok((status, answer)) = answer else { return count };
        assert_eq!(status, 200, "{answer}");
        known.lock().unwrap()[number] = KnownState { attached: attach, pending: false };
    }
    unreachable!("the range has no end")
}

/// Checks that the VM instances have their known states.
async fn check(caller: &Caller, known: &Mutex<[KnownState; VMS]>) {
    let (status, answer) =
        caller.send("GET", &format!("/images/iso/{RESCUE}/vm-candidates"), "").await.unwrap();
    assert_eq!(status, 200, "{answer}");
    let vms = answer["inventories"].as_array().unwrap();
    let found: HashMap<_, _> = vms
        .iter()
        .map(|vm| (vm["uuid"].as_str().unwrap().to_owned(), vm["vmCdRoms"][0]["isoUuid"] == RESCUE))
        .collect();
    let mut known = known.lock().unwrap();
    for (number, known) in known.iter_mut().enumerate() {
        let attached = found[&vm_uuid(number)];
        assert!(
            known.pending || attached == known.attached,
            "m-{number} is {attached}, was {}",
            known.attached
        );
        *known = KnownState { attached, pending: false };
    }
}
