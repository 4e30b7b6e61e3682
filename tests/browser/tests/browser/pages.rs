//! Every page as a node serves it: on a phone, with an eye on what is asked
//! for and what the browser complains of.

use serde_json::Value;

use crate::driver::{Scripts, with_browser};
use crate::node::Node;
use crate::site;

/// What sticks out of the window to the right, and is not in a box that scrolls.
pub(crate) const STICKS_OUT: &str = "
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) { return []; }
    const scrolls = (it) => it && it !== document.body && (getComputedStyle(it).overflowX !== 'visible' || scrolls(it.parentElement));
    return [...document.querySelectorAll('body *')]
        .filter((it) => it.getBoundingClientRect().right > width + 1 && !scrolls(it.parentElement))
        .slice(0, 5).map((it) => it.outerHTML.slice(0, 160));
";

#[tokio::test]
#[ignore = "takes a minute"]
async fn every_page_is_as_wide_as_a_phone_asks_nobody_else_and_has_no_errors() {
    with_browser(Scripts::On, async |browser| {
        let node = Node::start().await;
        browser.resize(320, 640, 2).await;
        browser.requests().await;
        let mut problems = Vec::new();
        let mut open = async |path: String| {
            browser.open(&node.at(&path)).await;
            // What scripts add is there once they have put in the search.
            browser
                .until("!document.querySelector('#search') || document.querySelector('#search input')")
                .await;
            for it in browser.run(STICKS_OUT, Vec::new()).await.as_array().unwrap() {
                problems.push(format!("{path}: sticks out at 320 px: {it}"));
            }
            // A page that is not there is told to be, by the browser as well.
            let is_expected = |it: &String| {
                ["/docs/nowhere", "/docs/404.html"].contains(&path.as_str()) && it.contains("404 (Not Found)")
            };
            let complaints = browser.complaints().await;
            problems.extend(
                complaints
                    .into_iter()
                    .filter(|complaint| !is_expected(complaint))
                    .map(|complaint| format!("{path}: {complaint}")),
            );
            let requests = browser.requests().await;
            assert!(
                requests.iter().any(|request| request.starts_with(&node.url)),
                "{path}: requests are not seen: {requests:?}"
            );
            let foreign = requests.iter().filter(|request| {
                !request.starts_with(&format!("{}/", node.url)) && !request.starts_with("data:")
            });
            problems.extend(foreign.map(|foreign| format!("{path}: asks {foreign}")));
        };
        open("/".to_owned()).await;
        open("/docs/nowhere".to_owned()).await;
        open("/docs/search.html?q=iso".to_owned()).await;
        for page in site::pages() {
            open(format!("/docs/{page}")).await;
        }
        node.stop().await;
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    })
    .await;
}

/// The test above would not notice if these were not seen.
#[tokio::test]
async fn violations_errors_and_foreign_requests_are_seen() {
    with_browser(Scripts::On, async |browser| {
        let node = Node::start().await;
        browser.open(&node.at("/docs/index.html")).await;
        assert_eq!(browser.complaints().await, Vec::<String>::new());
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
        let complaints = browser.complaints().await.join("\n");
        assert!(
            complaints.contains("elsewhere.example") && complaints.contains("script-src"),
            "{complaints}"
        );
        let sticks: Value = browser.run(STICKS_OUT, Vec::new()).await;
        assert_ne!(sticks.as_array().unwrap().len(), 0, "{sticks}");
        browser.run("location.href = 'http://elsewhere.example/';", Vec::new()).await;
        browser.until("location.protocol === 'chrome-error:'").await;
        let requests = browser.requests().await;
        assert!(requests.iter().any(|request| request.contains("elsewhere.example")), "{requests:?}");
        node.stop().await;
    })
    .await;
}
