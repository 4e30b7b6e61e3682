//! All pages as a node serves them, on a phone: layout, requests and problems.

use serde_json::Value;

use crate::driver::{Scripts, with_browser};
use crate::node::Node;
use crate::sample::sample;
use crate::site;

/// Finds elements that overflow the window and are not in a scrolling box.
pub(crate) const OVERFLOWING: &str = "
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) { return []; }
    const scrolls = (it) => it && it !== document.body && (getComputedStyle(it).overflowX !== 'visible' || scrolls(it.parentElement));
    return [...document.querySelectorAll('body *')]
        .filter((it) => it.getBoundingClientRect().right > width + 1 && !scrolls(it.parentElement))
        .slice(0, 5).map((it) => it.outerHTML.slice(0, 160));
";

#[tokio::test]
#[ignore = "takes a minute"]
async fn pages_fit_a_phone_request_nothing_foreign_and_have_no_errors() {
    with_browser(Scripts::On, async |browser| {
        let node = Node::start();
        browser.resize(320, 640, 2).await;
        browser.requests().await;
        let mut problems = Vec::new();
        let mut open = async |path: String| {
            browser.open(&node.at(&path)).await;
            // The scripts are done once the search field exists.
            browser
                .until("!document.querySelector('#search') || document.querySelector('#search input')")
                .await;
            for it in browser.run(OVERFLOWING, Vec::new()).await.as_array().unwrap() {
                problems.push(format!("{path}: overflows at 320 px: {it}"));
            }
            // The browser reports missing pages as well.
            let is_expected = |problem: &String| {
                ["/docs/nowhere", "/docs/404.html"].contains(&path.as_str())
                    && problem.contains("404 (Not Found)")
            };
            let found = browser.problems().await.into_iter();
            problems.extend(
                found.filter(|problem| !is_expected(problem)).map(|problem| format!("{path}: {problem}")),
            );
            let requests = browser.requests().await;
            assert!(
                requests.iter().any(|request| request.starts_with(&node.url)),
                "{path}: the log has no requests: {requests:?}"
            );
            let foreign = requests.iter().filter(|request| {
                !request.starts_with(&format!("{}/", node.url)) && !request.starts_with("data:")
            });
            problems.extend(foreign.map(|url| format!("{path}: requests {url}")));
        };
        open("/".to_owned()).await;
        open("/docs/nowhere".to_owned()).await;
        open("/docs/search.html?q=iso".to_owned()).await;
        for page in sample(site::pages(), 400) {
            open(format!("/docs/{page}")).await;
        }
        node.stop();
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    })
    .await;
}

/// Without this test, broken checks in the test above would go unnoticed.
#[tokio::test]
async fn violations_errors_and_foreign_requests_are_detected() {
    with_browser(Scripts::On, async |browser| {
        let node = Node::start();
        browser.open(&node.at("/docs/index.html")).await;
        assert_eq!(browser.problems().await, Vec::<String>::new());
        browser.requests().await;
        browser
            .run(
                "const image = document.createElement('img');
                 image.src = 'http://elsewhere.example/pixel.png';
                 document.body.append(image);
                 const wide = document.createElement('p');
                 wide.style.width = '3000px';
                 wide.textContent = 'wide';
                 document.querySelector('main').append(wide);
                 const script = document.createElement('script');
                 script.textContent = 'failed()';
                 document.body.append(script);",
                Vec::new(),
            )
            .await;
        let found = browser.problems().await.join("\n");
        assert!(found.contains("elsewhere.example") && found.contains("script-src"), "{found}");
        let overflowing: Value = browser.run(OVERFLOWING, Vec::new()).await;
        assert_ne!(overflowing.as_array().unwrap().len(), 0, "{overflowing}");
        browser.run("location.href = 'http://elsewhere.example/';", Vec::new()).await;
        browser.until("location.protocol === 'chrome-error:'").await;
        let requests = browser.requests().await;
        assert!(requests.iter().any(|request| request.contains("elsewhere.example")), "{requests:?}");
        node.stop();
    })
    .await;
}
