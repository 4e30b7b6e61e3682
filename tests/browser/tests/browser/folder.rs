//! The site opened from a folder, and without scripts.

use fantoccini::key::Key;
use serde_json::json;

use crate::driver::{Scripts, with_browser};
use crate::site;

#[tokio::test]
async fn pages_from_a_folder_can_search_and_have_no_errors() {
    with_browser(Scripts::On, async |browser| {
        let mut problems = Vec::new();
        for page in site::kinds() {
            browser.open(&site::in_folder(page)).await;
            browser.until("document.querySelector('#search input')").await;
            problems.extend(browser.problems().await.into_iter().map(|problem| format!("{page}: {problem}")));
            let foreign = browser.requests().await.into_iter().filter(|url| url.starts_with("http"));
            problems.extend(foreign.map(|url| format!("{page} requests {url}")));
        }
        assert!(problems.is_empty(), "{}", problems.join("\n"));

        browser.open(&site::in_folder("errors.html")).await;
        browser.until("document.querySelector('#search input')").await;
        browser.type_text("/aitv").await;
        browser.until("document.querySelector('#found [aria-selected=true]')?.innerText.includes('AttachIsoToVmInstance')").await;
        browser.press(Key::Enter).await;
        browser.until("location.href.endsWith('operations/AttachIsoToVmInstance.html') && document.querySelector('.try')").await;
        let trial = browser.value("document.querySelector('.try').innerText").await;
        assert!(trial.as_str().unwrap().contains("serve --sample"), "{trial}");

        browser.open(&site::in_folder("search.html?q=SYS.1006")).await;
        browser.until("document.querySelector('#results a')?.innerText.includes('SYS.1006')").await;
        assert_eq!(browser.problems().await, Vec::<String>::new());
    })
    .await;
}

/// Opens all parts, and returns the visible text.
const TEXT: &str = "
    document.querySelectorAll('details').forEach((it) => { it.open = true; });
    const panels = [...document.querySelectorAll('.tabs')].flatMap((tabs) => [...tabs.querySelectorAll('label')].map((it) => {
        it.click();
        return [...tabs.querySelectorAll('.panel')].filter((panel) => panel.checkVisibility()).map((panel) => panel.innerText);
    }));
    const hidden = [...document.querySelectorAll('main :is(h1, h2, h3, p, li, tr, dt, dd)')].filter((it) => !it.checkVisibility());
    return { panels, hidden: hidden.map((it) => it.outerHTML.slice(0, 160)), text: document.querySelector('main').innerText };
";

#[tokio::test]
async fn pages_are_complete_without_scripts() {
    with_browser(Scripts::Off, async |browser| {
        for page in site::kinds() {
            browser.open(&site::in_folder(page)).await;
            assert_eq!(
                browser.value("document.getElementById('search').childElementCount").await,
                0,
                "a script ran on {page}"
            );
            let seen = browser.run(TEXT, Vec::new()).await;
            assert_eq!(seen["hidden"], json!([]), "{page}");
            for panel in seen["panels"].as_array().unwrap() {
                assert!(
                    panel.as_array().is_some_and(|panel| panel.len() == 1 && panel[0] != ""),
                    "{page}: one tab is open: {panel}"
                );
            }
            if page.ends_with("AttachIsoToVmInstance.html") {
                let text = seen["text"].as_str().unwrap();
                for part in [
                    "vmInstanceUuid",
                    "isoUuid",
                    "cdromUuid::",
                    "/vm-instances/{vmInstanceUuid}/iso/{isoUuid}",
                    "Errors",
                    "History",
                ] {
                    assert!(text.contains(part), "{part} is not in\n{text}");
                }
                assert!(seen["panels"].as_array().unwrap().len() >= 7, "{seen}");
            }
        }
    })
    .await;
}
