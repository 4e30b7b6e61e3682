//! A browser for each test, and the commands to control it.

use std::fmt::Debug;
use std::io::{ErrorKind, Write as _};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use futures_util::FutureExt as _;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// The timeout of waits; long enough for a busy machine.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The JavaScript setting of a browser.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Scripts {
    On,
    Off,
}

/// Reports that a test is skipped; with `BROWSER=required` the test fails instead. Not
/// `eprintln!`, whose output is hidden if the test succeeds.
pub(crate) fn report_skipped(why: &str) {
    assert!(std::env::var("BROWSER").as_deref() != Ok("required"), "{why}");
    let test = std::thread::current().name().unwrap_or_default().to_owned();
    let _ = writeln!(std::io::stderr(), "SKIPPED: {test}, since {why}");
}

/// Runs `test` with a browser, and closes the browser even if the test panics.
pub(crate) async fn with_browser<F: Future<Output = ()>>(scripts: Scripts, test: impl FnOnce(Browser) -> F) {
    let Some(chromium) = find_program(&["chromium", "chromium-browser", "google-chrome"]) else {
        return report_skipped("`chromium` is not installed");
    };
    let Some((mut driver, port)) = start_driver().await else {
        return report_skipped("`chromedriver` is not installed");
    };
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(serde_json::from_value(capabilities(&chromium, scripts)).unwrap());
    let client = builder.connect(&format!("http://127.0.0.1:{port}")).await.unwrap();
    let outcome = AssertUnwindSafe(test(Browser { client: client.clone() })).catch_unwind().await;
    // The browser is a child of the driver, so it is closed first.
    let closed = client.close().await;
    driver.kill().await.unwrap();
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
    closed.unwrap();
}

fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
}

/// Starts the driver on a free port.
async fn start_driver() -> Option<(Child, u16)> {
    let mut command = Command::new("chromedriver");
    command.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    let mut process = match command.spawn() {
        Ok(process) => process,
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        Err(error) => panic!("chromedriver: {error}"),
    };
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            let port = port.trim_end_matches('.').parse().unwrap();
            // The output is read to the end, since a full pipe would block the driver.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Some((process, port));
        }
    }
    panic!("chromedriver ended before it was ready");
}

fn capabilities(chromium: &std::path::Path, scripts: Scripts) -> Value {
    let content = if scripts == Scripts::Off { 2 } else { 1 };
    json!({
        "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        "goog:chromeOptions": {
            "binary": chromium,
            "args": [
                "--headless=new", "--window-size=1280,1024", "--disable-dev-shm-usage", "--disable-gpu",
                // There is no sandbox as root; the pages are our own.
                "--no-sandbox",
                // Clicks miss elements that still scroll.
                "--force-prefers-reduced-motion",
                // No other hosts can be reached.
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            ],
            "prefs": {"profile.managed_default_content_settings.javascript": content},
        },
    })
}

/// A browser with one page.
#[derive(Clone)]
pub(crate) struct Browser {
    client: Client,
}

impl Browser {
    pub(crate) async fn open(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    pub(crate) async fn url(&self) -> String {
        self.client.current_url().await.unwrap().to_string()
    }

    /// Runs the body of a function with arguments, and returns its result.
    pub(crate) async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute(script, arguments).await.unwrap()
    }

    /// Runs the body of a function that passes its result to its last argument.
    pub(crate) async fn run_async(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute_async(script, arguments).await.unwrap()
    }

    /// Evaluates an expression.
    pub(crate) async fn value(&self, expression: &str) -> Value {
        self.run(&format!("return {expression};"), Vec::new()).await
    }

    /// Waits until an expression is true.
    pub(crate) async fn until(&self, expression: &str) {
        let begun = Instant::now();
        while self.value(&format!("Boolean({expression})")).await != json!(true) {
            if begun.elapsed() > TIMEOUT {
                let text = self.value("document.body.innerText").await;
                panic!(
                    "timeout waiting for {expression}\non {}:\n{}",
                    self.url().await,
                    text.as_str().unwrap_or_default()
                );
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub(crate) async fn click(&self, selector: &str) {
        let found = self.client.find(Locator::Css(selector)).await;
        found.unwrap_or_else(|_| panic!("{selector} does not exist")).click().await.unwrap();
    }

    /// Replaces the text of a field.
    pub(crate) async fn fill(&self, selector: &str, text: &str) {
        let found = self.client.find(Locator::Css(selector)).await;
        let field = found.unwrap_or_else(|_| panic!("{selector} does not exist"));
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Strikes a key, wherever the focus is.
    pub(crate) async fn press(&self, key: Key) {
        self.strike(&[char::from(key)]).await;
    }

    /// Strikes a key while Control is held.
    pub(crate) async fn press_with_control(&self, key: char) {
        self.strike(&[char::from(Key::Control), key]).await;
    }

    pub(crate) async fn type_text(&self, text: &str) {
        for letter in text.chars() {
            self.strike(&[letter]).await;
        }
    }

    /// One key after the other is held; then they are let go.
    async fn strike(&self, keys: &[char]) {
        let down = keys.iter().map(|&value| KeyAction::Down { value });
        let up = keys.iter().rev().map(|&value| KeyAction::Up { value });
        let actions = down.chain(up).fold(KeyActions::new("keyboard".to_owned()), KeyActions::then);
        self.client.perform_actions(actions).await.unwrap();
    }

    /// Presses Tab until the expression about `it`, the focused element, is true.
    pub(crate) async fn tab_to(&self, expression: &str) {
        let script = format!(
            "const it = document.activeElement;
             return [({expression}) ? true : false, it === document.body || it.matches(':focus-visible'), it.outerHTML.slice(0, 200)];"
        );
        for _ in 0..400 {
            self.press(Key::Tab).await;
            let seen = self.run(&script, Vec::new()).await;
            assert_eq!(seen[1], true, "the focus cannot be seen on {}", seen[2]);
            if seen[0] == true {
                return;
            }
        }
        panic!("Tab never reaches an element with {expression}");
    }

    /// Sends a command of the DevTools protocol.
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) {
        self.issue("goog/cdp/execute", json!({"cmd": command, "params": parameters})).await.unwrap();
    }

    /// Sets the size of the window in CSS pixels.
    pub(crate) async fn resize(&self, width: u32, height: u32, scale: u32) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": scale, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Returns the errors, warnings and policy violations since the last call.
    pub(crate) async fn problems(&self) -> Vec<String> {
        let entries = self.log("browser").await;
        let problems = entries
            .iter()
            .filter(|entry| ["SEVERE", "WARNING"].contains(&entry["level"].as_str().unwrap_or_default()));
        problems.map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Returns the URLs of the requests since the last call.
    pub(crate) async fn requests(&self) -> Vec<String> {
        let entries = self.log("performance").await;
        let messages =
            entries.iter().filter_map(|entry| serde_json::from_str::<Value>(entry["message"].as_str()?).ok());
        messages
            .filter(|message| message["message"]["method"] == "Network.requestWillBeSent")
            .filter_map(|message| Some(message["message"]["params"]["request"]["url"].as_str()?.to_owned()))
            .collect()
    }

    async fn log(&self, kind: &str) -> Vec<Value> {
        let entries = self.issue("se/log", json!({"type": kind})).await.unwrap();
        entries.as_array().unwrap().clone()
    }

    async fn issue(&self, path: &'static str, body: Value) -> Result<Value, CmdError> {
        self.client.issue_cmd(VendorCommand { path, body }).await
    }
}

/// A command that is not part of WebDriver.
#[derive(Debug)]
struct VendorCommand {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for VendorCommand {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}
