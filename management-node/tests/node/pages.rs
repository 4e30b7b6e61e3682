//! Tests of the pages for browsers: the dashboard and the reference.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use axum::body::{Body, to_bytes};
use axum::http::header::{ACCEPT_ENCODING, IF_NONE_MATCH};
use axum::http::{HeaderMap, Request, StatusCode};
use flate2::read::GzDecoder;
use serde_json::{Value, json};
use zstack_node::app::Settings;

use crate::local::Local;
use crate::process::Server;
use crate::samples::report_skipped;

struct PageResponse {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl PageResponse {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |header| header.to_str().unwrap())
    }

    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

async fn send(local: &Local, method: &str, path: &str, headers: &[(&str, &str)]) -> PageResponse {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = local.app.answer(request.body(Body::empty()).unwrap()).await;
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    PageResponse { status: parts.status.as_u16(), headers: parts.headers, body }
}

async fn get(local: &Local, path: &str) -> PageResponse {
    send(local, "GET", path, &[]).await
}

/// The files of `pages/`, with their names.
fn dashboard() -> Vec<(String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pages");
    let files = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
    let with_name = |path: PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, path)
    };
    files.map(with_name).collect()
}

#[tokio::test]
async fn pages_have_content_types_and_a_restrictive_policy() {
    let local = Local::sample().await;
    for (method, path, status, content_type) in [
        ("GET", "/", 200, "text/html; charset=utf-8"),
        ("HEAD", "/", 200, "text/html; charset=utf-8"),
        ("GET", "/?v=3.1.0", 200, "text/html; charset=utf-8"),
        ("GET", "/_dashboard/main.mjs", 200, "text/javascript; charset=utf-8"),
        ("GET", "/_dashboard/dashboard.css", 200, "text/css; charset=utf-8"),
        ("GET", "/docs/", 200, "text/html; charset=utf-8"),
        ("GET", "/docs/operations/", 200, "text/html; charset=utf-8"),
        ("GET", "/docs/operations/AttachIsoToVmInstance.html", 200, "text/html; charset=utf-8"),
        ("GET", "/docs/operations/AttachIsoToVmInstance.json", 200, "application/json"),
        ("GET", "/docs/operations/AttachIsoToVmInstance.md", 200, "text/markdown; charset=utf-8"),
        ("GET", "/docs/operations/AttachIsoToVmInstance%403.1.0.html", 200, "text/html; charset=utf-8"),
        ("GET", "/docs/assets/icon.svg", 200, "image/svg+xml"),
        ("GET", "/docs/changes.xml", 200, "application/xml"),
        ("GET", "/docs/llms.txt", 200, "text/plain; charset=utf-8"),
        ("GET", "/docs", 308, "text/plain; charset=utf-8"),
        ("GET", "/docs/nothing.html", 404, "text/html; charset=utf-8"),
        ("HEAD", "/docs/nothing.html", 404, "text/html; charset=utf-8"),
        ("GET", "/_dashboard/", 404, "text/html; charset=utf-8"),
        ("POST", "/", 405, "text/plain; charset=utf-8"),
        ("DELETE", "/docs/", 405, "text/plain; charset=utf-8"),
    ] {
        let response = send(&local, method, path, &[]).await;
        let found = (response.status, response.header("content-type"));
        assert_eq!(found, (status, content_type), "{method} {path}");
        assert_eq!(response.header("content-security-policy"), POLICY, "{method} {path}");
        assert_eq!(response.header("x-content-type-options"), "nosniff", "{method} {path}");
        assert_eq!(response.header("referrer-policy"), "no-referrer", "{method} {path}");
        assert_eq!(response.header("cache-control"), "no-cache", "{method} {path}");
        let length: usize = response.header("content-length").parse().unwrap();
        assert_eq!(response.body.len(), if method == "HEAD" { 0 } else { length }, "{method} {path}");
    }
    assert_eq!(send(&local, "PUT", "/docs/", &[]).await.header("allow"), "GET, HEAD");
}

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

#[tokio::test]
async fn pages_are_compressed_and_cached() {
    let local = Local::sample().await;
    for path in ["/", "/docs/errors.html", "/_dashboard/main.mjs"] {
        let plain = get(&local, path).await;
        let packed = send(&local, "GET", path, &[(ACCEPT_ENCODING.as_str(), "br, gzip")]).await;
        assert_eq!((plain.header("content-encoding"), packed.header("content-encoding")), ("", "gzip"));
        let mut inflated = Vec::new();
        GzDecoder::new(&packed.body[..]).read_to_end(&mut inflated).unwrap();
        assert_eq!(inflated, plain.body, "{path}");
        assert!(packed.body.len() < plain.body.len());
        for response in [&plain, &packed] {
            assert_eq!(response.header("vary"), "accept-encoding");
            let known = [(IF_NONE_MATCH.as_str(), response.header("etag"))];
            let again = send(&local, "GET", path, &known).await;
            assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
            assert_eq!(again.header("etag"), response.header("etag"));
            assert_eq!(again.header("content-security-policy"), POLICY);
        }
        assert_eq!(send(&local, "GET", path, &[(IF_NONE_MATCH.as_str(), "\"other\"")]).await.status, 200);
    }
    // A missing page is never unchanged.
    assert_eq!(send(&local, "GET", "/docs/nothing", &[(IF_NONE_MATCH.as_str(), "*")]).await.status, 404);
}

#[tokio::test]
async fn paths_never_leave_the_pages() {
    let local = Local::sample().await;
    for (path, location) in [
        ("/docs", "/docs/"),
        ("/docs?theme=dark", "/docs/?theme=dark"),
        ("/docs/operations", "/docs/operations/"),
        ("/docs/errors.html/", "/docs/errors.html"),
        ("/docs/errors.html//", "/docs/errors.html"),
        ("/docs/operations//", "/docs/operations/"),
    ] {
        let response = get(&local, path).await;
        assert_eq!((response.status, response.header("location")), (308, location), "{path}");
        assert_eq!(get(&local, location).await.status, 200);
    }
    for path in [
        "/docs/../Cargo.toml",
        "/docs/../index.html",
        "/docs/%2e%2e/%2e%2e/etc/passwd",
        "/docs/..%2f..%2fetc%2fpasswd",
        "/docs/%00",
        "/docs/%ff",
        "/docs//evil.example/",
        "/docs/.",
        "/docs/404.html",
        "/_dashboard/../index.html",
        "/_dashboard/package.json",
        "/_dashboard//",
    ] {
        assert_eq!(get(&local, path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn pages_do_not_change_the_api() {
    let local = Local::sample().await;
    let session = format!("OAuth {}", local.session);
    for path in ["/zstack/v1/vm-instances", "//zstack//v1/vm-instances", "/%7Astack/v1/vm-instances"] {
        let response = send(&local, "GET", path, &[("Authorization", &session)]).await;
        assert_eq!((response.status, response.header("content-security-policy")), (200, ""), "{path}");
    }
    for path in ["/nothing", "/doc", "/docsy", "/_dashboards", "/index.html", "/404.html", "/zstack/v1/docs/"]
    {
        let response = get(&local, path).await;
        assert_eq!((response.status, response.header("content-security-policy")), (404, ""), "{path}");
    }
    let mut settings = Settings::default();
    settings.pages = false;
    let without = Local::with(settings).await;
    for path in ["/", "/docs/", "/_dashboard/main.mjs", "/_dashboard/jobs"] {
        let response = get(&without, path).await;
        assert_eq!((response.status, response.header("content-security-policy")), (404, ""), "{path}");
    }
}

/// Returns the texts that follow `before`, up to a quotation mark.
fn all_after<'a>(text: &'a str, before: &str) -> Vec<&'a str> {
    text.split(before).skip(1).filter_map(|part| part.split('"').next()).collect()
}

#[tokio::test]
async fn all_links_of_the_dashboard_exist() {
    let local = Local::sample().await;
    for page in ["/", "/docs/nothing"] {
        let html = get(&local, page).await.text();
        let mut links = all_after(&html, "href=\"");
        links.extend(all_after(&html, "src=\""));
        assert!(links.len() > 5, "{page}");
        for link in links {
            match link.strip_prefix('#') {
                Some(id) => assert!(html.contains(&format!("id=\"{id}\"")), "{page}: {link}"),
                None => assert_eq!(get(&local, link).await.status, 200, "{page}: {link}"),
            }
        }
    }
    for (_, path) in dashboard() {
        let text = std::fs::read_to_string(&path).unwrap();
        for module in all_after(&text, " from \"./") {
            assert_eq!(get(&local, &format!("/_dashboard/{module}")).await.status, 200, "{module}");
        }
    }
    // The targets of links that scripts create.
    let errors = get(&local, "/docs/errors.html").await.text();
    let states = get(&local, "/docs/types/VmInstanceState.html").await.text();
    let statuses = get(&local, "/docs/types/ImageStatus.html").await.text();
    assert!(errors.contains("id=\"ID.1001\""));
    assert!(states.contains("id=\"value-Running\"") && statuses.contains("id=\"value-Ready\""));
}

#[tokio::test]
async fn the_dashboard_is_small_and_has_no_inline_code() {
    let local = Local::sample().await;
    let (mut scripts, mut styles) = (0, 0);
    for (name, path) in dashboard() {
        let text = std::fs::read_to_string(&path).unwrap();
        if name.ends_with(".html") {
            for forbidden in [" style=\"", "<style", " onclick=", "javascript:", "http://", "https://"] {
                assert!(!text.contains(forbidden), "{name}: {forbidden}");
            }
            continue;
        }
        for forbidden in
            ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function("]
        {
            assert!(!text.contains(forbidden), "{name}: {forbidden}");
        }
        let address = format!("/_dashboard/{name}");
        let packed = send(&local, "GET", &address, &[(ACCEPT_ENCODING.as_str(), "gzip")]).await;
        assert_eq!(packed.status, 200, "{name}");
        *(if name.ends_with(".css") { &mut styles } else { &mut scripts }) += packed.body.len();
    }
    assert!((5_000..=45 * 1024).contains(&scripts), "{scripts} bytes of scripts");
    assert!((1_000..=15 * 1024).contains(&styles), "{styles} bytes of styles");
}

/// Runs Node.js on files of `tests/pages/`, if it is installed. Returns its output.
fn run_node_js(arguments: &[&str], input: &str) -> Option<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let process = Command::new("node")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut process = match process {
        Ok(process) => process,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            report_skipped("the scripts of the dashboard", "node");
            return None;
        }
        Err(error) => panic!("{error}"),
    };
    process.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    Some(out)
}

#[test]
fn the_scripts_pass_their_own_tests() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let files = folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let files: Vec<_> = files.filter(|file| file.ends_with(".test.mjs")).collect();
    assert!(files.len() >= 4, "{files:?}");
    let mut arguments = vec!["--test"];
    arguments.extend(files.iter().map(String::as_str));
    run_node_js(&arguments, "");
}

/// Returns true for an action that succeeds without a change: the VM already has
/// the state.
fn changes_nothing(action: &str, reason: &str) -> bool {
    match action {
        "start" => reason.contains(" is Running;"),
        "stop" => reason.contains(" is Stopped;"),
        "destroy" => reason.contains("already destroyed"),
        _ => false,
    }
}

#[tokio::test]
async fn dashboard_actions_match_the_states_of_vms() {
    let mut local = Local::sample().await;
    let list = async |path| local.send("GET", path, "").await.1["inventories"].clone();
    let seen = json!({
        "vms": list("/zstack/v1/vm-instances?limit=200&replyWithCount=true").await,
        "images": list("/zstack/v1/images?limit=200&replyWithCount=true").await,
    });
    let Some(plan) = run_node_js(&["plan.mjs"], &seen.to_string()) else { return };
    let plan: Vec<Value> = serde_json::from_str(&plan).unwrap();
    let (mut offered, mut refused) = (0, 0);
    for step in &plan {
        let (request, action) = (&step["request"], step["action"].as_str().unwrap());
        let (method, path) = (request["method"].as_str().unwrap(), request["path"].as_str().unwrap());
        let body = request.get("body").map_or(String::new(), Value::to_string);
        let (status, answer) = local.send(method, path, &body).await;
        let about = format!("{action} on {}: {answer}", step["on"]);
        match step["reason"].as_str() {
            None => {
                offered += 1;
                assert_eq!(status, 200, "{about}");
            }
            Some(reason) => {
                refused += 1;
                let expected = if changes_nothing(action, reason) { 200 } else { 503 };
                assert_eq!(status, expected, "{about}; {reason}");
            }
        }
        if status == 200 {
            // The next step needs the original sample.
            local = Local::sample().await;
        }
    }
    assert!(offered > 30 && refused > 50, "{offered} {refused}");
}

#[tokio::test]
async fn the_process_serves_the_pages_unless_disabled() {
    let server = Server::start(&["--sample"]);
    let client = reqwest::Client::new();
    for (path, text) in [("/", "Dashboard · ZStack node"), ("/docs/", "categories/vm-instance.html")] {
        let response = client.get(format!("{}{path}", server.url)).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let page = response.text().await.unwrap();
        assert!(page.contains(text), "{path}");
    }
    let head = client.head(format!("{}/", server.url)).send().await.unwrap();
    let length = head.headers()["content-length"].to_str().unwrap().parse::<usize>().unwrap();
    assert!(length > 1000 && head.bytes().await.unwrap().is_empty());
    let server = Server::start(&["--sample", "--no-pages"]);
    assert_eq!(client.get(format!("{}/", server.url)).send().await.unwrap().status(), StatusCode::NOT_FOUND);
}
