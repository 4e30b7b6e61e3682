//! axe-core on a page of each kind: light, dark, and narrow, which is also
//! what a window of 1280 pixels shows at 400 %.

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::{Value, json};

use crate::driver::{Browser, Scripts, skipped, with_browser};
use crate::node::Node;
use crate::node::sample::{RESCUE, WEB_1};
use crate::pages::STICKS_OUT;
use crate::{live, site};

/// Where axe-core is: `AXE`, or where `npm install --prefix target/axe axe-core` puts it.
fn axe() -> Option<String> {
    let there =
        Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/axe/node_modules/axe-core/axe.min.js");
    let path = std::env::var("AXE").map_or(there, Utf8PathBuf::from);
    match std::fs::read_to_string(&path) {
        Ok(axe) => Some(axe),
        Err(error) => {
            skipped(&format!("axe-core is not at {path} ({error}); `AXE` names another place"));
            None
        }
    }
}

const RUN: &str = "
    const done = arguments[arguments.length - 1];
    document.querySelectorAll('details').forEach((it) => { it.open = true; });
    const colours = ['color-contrast', 'link-in-text-block'];
    const rules = Object.fromEntries(colours.map((it) => [it, { enabled: false }]));
    const which = { all: {}, colours: { runOnly: colours }, rest: { rules } }[arguments[0]];
    axe.run(document, { resultTypes: ['violations'], ...which }).then(
        ({ violations, passes }) => done({ passes: passes.length, violations: violations.flatMap(({ id, impact, help, nodes }) =>
            nodes.map((it) => `${id} (${impact}): ${help}\\n    ${it.target.join(' ')}\\n    ${it.html.slice(0, 200)}\\n    ${it.failureSummary}`)) }),
        (error) => done({ violations: [String(error)] }));
";

/// The page that is open, in each look.
async fn check(browser: &Browser, axe: &str, page: &str, problems: &mut Vec<String>) {
    browser.run("(0, eval)(arguments[0]);", vec![json!(axe)]).await;
    // The theme changes colours alone, and the width anything but colours.
    for (look, rules, scheme, width, height, scale) in [
        ("light", "all", "light", 1280, 1024, 1),
        ("dark", "colours", "dark", 1280, 1024, 1),
        ("narrow", "rest", "light", 320, 256, 4),
    ] {
        browser.resize(width, height, scale).await;
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]);
        browser.devtools("Emulation.setEmulatedMedia", json!({"features": features})).await;
        let told: Value = browser.run_async(RUN, vec![json!(rules)]).await;
        let sticks_out = browser.run(STICKS_OUT, Vec::new()).await;
        problems.extend(
            sticks_out
                .as_array()
                .unwrap()
                .iter()
                .map(|sticks_out| format!("{page}, {look}: sticks out: {sticks_out}")),
        );
        assert!(told["passes"] != 0, "{page}, {look}: {told}");
        problems.extend(
            told["violations"]
                .as_array()
                .unwrap()
                .iter()
                .map(|it| format!("{page}, {look}: {}", it.as_str().unwrap())),
        );
    }
    browser.resize(1280, 1024, 1).await;
}

fn end(problems: &[String]) {
    assert!(problems.is_empty(), "{} problems\n\n{}", problems.len(), problems.join("\n\n"));
}

#[tokio::test]
#[ignore = "takes a minute"]
async fn axe_finds_nothing_on_pages_of_operations() {
    let Some(axe) = axe() else { return };
    with_browser(Scripts::On, async |browser| {
        let node = Node::start().await;
        let mut problems = Vec::new();
        let kinds = site::kinds().into_iter().filter(|kind| is_of_operation(kind));
        for page in kinds.chain(["operations/AttachIsoToVmInstance.html?v=2.3"]) {
            browser.open(&node.at(&format!("/docs/{page}"))).await;
            browser.until("document.querySelector('#search input')").await;
            check(&browser, &axe, page, &mut problems).await;
        }
        node.stop().await;
        end(&problems);
    })
    .await;
}

fn is_of_operation(page: &str) -> bool {
    page.starts_with("operations/")
}

#[tokio::test]
#[ignore = "takes a minute"]
async fn axe_finds_nothing_on_the_other_pages() {
    let Some(axe) = axe() else { return };
    with_browser(Scripts::On, async |browser| {
        let node = Node::start().await;
        let mut problems = Vec::new();
        let kinds = site::kinds().into_iter().filter(|kind| !is_of_operation(kind) && *kind != "404.html");
        let below = kinds.chain(["search.html?q=iso"]).map(|kind| node.at(&format!("/docs/{kind}")));
        for page in below.chain([site::in_folder("404.html")]) {
            browser.open(&page).await;
            browser.until("document.querySelector('#search input')").await;
            check(&browser, &axe, &page, &mut problems).await;
        }
        browser.open(&node.at("/docs/nowhere")).await;
        check(&browser, &axe, "404 of the node", &mut problems).await;
        browser.open(&node.at("/docs/index.html")).await;
        browser.until("document.querySelector('#search input')").await;
        browser.fill("#search input", "iso").await;
        browser.until("document.querySelectorAll('#found [role=option]').length > 3").await;
        check(&browser, &axe, "search, open", &mut problems).await;
        node.stop().await;
        end(&problems);
    })
    .await;
}

#[tokio::test]
#[ignore = "takes a minute"]
async fn axe_finds_nothing_on_the_dashboard_and_where_operations_are_tried() {
    let Some(axe) = axe() else { return };
    with_browser(Scripts::On, async |browser| {
        let node = Node::start().await;
        let mut problems = Vec::new();
        live::open_trial(&browser, &node, "AttachIsoToVmInstance").await;
        live::attach(&browser, WEB_1, RESCUE).await;
        check(&browser, &axe, "trial, done", &mut problems).await;
        live::send(&browser).await;
        browser.until("document.querySelector('.outcome .error')").await;
        check(&browser, &axe, "trial, refused", &mut problems).await;

        browser.open(&node.at("/")).await;
        check(&browser, &axe, "dashboard, logged out", &mut problems).await;
        live::log_in_to_dashboard(&browser).await;
        browser.click(&format!("[data-vm='{WEB_1}'] button[data-action='stop']")).await;
        browser.until(&format!("document.querySelector('[data-vm=\"{WEB_1}\"]').dataset.state === 'Stopped' && document.querySelector('.call') && document.querySelector('[data-job]')")).await;
        check(&browser, &axe, "dashboard", &mut problems).await;
        browser.click(&format!("[data-vm='{WEB_1}'] button[data-action='destroy']")).await;
        browser.until("document.querySelector('#confirm[open]')").await;
        check(&browser, &axe, "dashboard, asking", &mut problems).await;
        browser.click("#confirm-no").await;
        node.end_sessions();
        browser.until("document.querySelector('#login-again[open]')").await;
        check(&browser, &axe, "dashboard, session over", &mut problems).await;
        node.stop().await;
        browser.open("about:blank").await;
        end(&problems);
    })
    .await;
}
