//! axe-core on a page of each kind: light, dark, and narrow, which equals a window of
//! 1280 pixels at 400 %.

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::{Value, json};

use crate::driver::{Browser, Scripts, report_skipped, with_browser};
use crate::node::Node;
use crate::node::sample::{RESCUE, WEB_1};
use crate::pages::OVERFLOWING;
use crate::{live, site};

/// Reads axe-core from `AXE`, or from the folder of `npm install --prefix target/axe axe-core`.
fn axe() -> Option<String> {
    let installed =
        Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/axe/node_modules/axe-core/axe.min.js");
    let path = std::env::var("AXE").map_or(installed, Utf8PathBuf::from);
    match std::fs::read_to_string(&path) {
        Ok(axe) => Some(axe),
        Err(error) => {
            report_skipped(&format!("axe-core is not at {path} ({error}); set `AXE` to its path"));
            None
        }
    }
}

const RUN: &str = "
    const done = arguments[arguments.length - 1];
    document.querySelectorAll('details').forEach((it) => { it.open = true; });
    const colors = ['color-contrast', 'link-in-text-block'];
    const rules = Object.fromEntries(colors.map((it) => [it, { enabled: false }]));
    const which = { all: {}, colors: { runOnly: colors }, rest: { rules } }[arguments[0]];
    axe.run(document, { resultTypes: ['violations'], ...which }).then(
        ({ violations, passes }) => done({ passes: passes.length, violations: violations.flatMap(({ id, impact, help, nodes }) =>
            nodes.map((it) => `${id} (${impact}): ${help}\\n    ${it.target.join(' ')}\\n    ${it.html.slice(0, 200)}\\n    ${it.failureSummary}`)) }),
        (error) => done({ violations: [String(error)] }));
";

/// Checks the open page in each look.
async fn check(browser: &Browser, axe: &str, page: &str, problems: &mut Vec<String>) {
    browser.run("(0, eval)(arguments[0]);", vec![json!(axe)]).await;
    // The theme changes only colors, and the width everything else.
    for (look, rules, scheme, width, height, scale) in [
        ("light", "all", "light", 1280, 1024, 1),
        ("dark", "colors", "dark", 1280, 1024, 1),
        ("narrow", "rest", "light", 320, 256, 4),
    ] {
        browser.resize(width, height, scale).await;
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]);
        browser.devtools("Emulation.setEmulatedMedia", json!({"features": features})).await;
        let report: Value = browser.run_async(RUN, vec![json!(rules)]).await;
        let overflowing = browser.run(OVERFLOWING, Vec::new()).await;
        problems.extend(
            overflowing
                .as_array()
                .unwrap()
                .iter()
                .map(|element| format!("{page}, {look}: overflows: {element}")),
        );
        assert!(report["passes"] != 0, "{page}, {look}: {report}");
        problems.extend(
            report["violations"]
                .as_array()
                .unwrap()
                .iter()
                .map(|violation| format!("{page}, {look}: {}", violation.as_str().unwrap())),
        );
    }
    browser.resize(1280, 1024, 1).await;
}

fn assert_none(problems: &[String]) {
    assert!(problems.is_empty(), "{} problems\n\n{}", problems.len(), problems.join("\n\n"));
}

#[tokio::test]
#[ignore = "takes a minute"]
async fn operation_pages_have_no_violations() {
    let Some(axe) = axe() else { return };
    with_browser(Scripts::On, async |browser| {
        let node = Node::start();
        let mut problems = Vec::new();
        let kinds = site::kinds().into_iter().filter(|kind| is_operation_page(kind));
        for page in kinds.chain(["operations/AttachIsoToVmInstance.html?v=2.3"]) {
            browser.open(&node.at(&format!("/docs/{page}"))).await;
            browser.until("document.querySelector('#search input')").await;
            check(&browser, &axe, page, &mut problems).await;
        }
        node.stop();
        assert_none(&problems);
    })
    .await;
}

fn is_operation_page(page: &str) -> bool {
    page.starts_with("operations/")
}

#[tokio::test]
#[ignore = "takes a minute"]
async fn other_pages_have_no_violations() {
    let Some(axe) = axe() else { return };
    with_browser(Scripts::On, async |browser| {
        let node = Node::start();
        let mut problems = Vec::new();
        let kinds = site::kinds().into_iter().filter(|kind| !is_operation_page(kind) && *kind != "404.html");
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
        node.stop();
        assert_none(&problems);
    })
    .await;
}

#[tokio::test]
#[ignore = "takes a minute"]
async fn dashboard_and_trials_have_no_violations() {
    let Some(axe) = axe() else { return };
    with_browser(Scripts::On, async |browser| {
        let node = Node::start();
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
        node.stop();
        browser.open("about:blank").await;
        assert_none(&problems);
    })
    .await;
}
