//! Interactions with pages: keys, tabs, releases, phones.

use serde_json::{Value, json};

use crate::driver::{Browser, Scripts, with_browser};
use crate::node::Node;
use crate::site;

const ATTACH: &str = "operations/AttachIsoToVmInstance.html";

async fn open(browser: &Browser, page: &str) {
    browser.open(page).await;
    browser.until("document.querySelector('#search input')").await;
}

/// The languages of the open tabs.
const OPEN_TABS: &str = "[...document.querySelectorAll('.tabs')].map((it) => it.querySelector('input:checked').id.split('-').pop())";

#[tokio::test]
async fn slash_focuses_the_search_except_in_text_fields() {
    with_browser(Scripts::On, async |browser| {
        open(&browser, &site::in_folder(ATTACH)).await;
        let controls = browser
            .value("[...document.querySelectorAll('a, button, select, summary, .tabs > input, pre[tabindex], main')].length")
            .await;
        assert!(controls.as_u64().unwrap() > 50, "{controls}");
        // Readers focus a tab by a click on its label.
        browser.click("label[for$='-python']").await;
        for control in
            [".tabs > input:checked", "select.release", ".theme", "main", ".response pre", "summary", "a.brand"]
        {
            browser
                .run("document.querySelector(arguments[0]).focus(); document.querySelector('#search input').value = '';", vec![json!(control)])
                .await;
            assert_eq!(
                browser.run("return document.activeElement.matches(arguments[0])", vec![json!(control)]).await,
                json!(true),
                "{control} has no focus"
            );
            browser.type_text("/").await;
            assert_eq!(
                browser.value("document.activeElement.matches('#search input')").await,
                json!(true),
                "from {control}"
            );
            assert_eq!(browser.value("document.activeElement.value").await, json!(""), "from {control}");
        }
        // In a text field it is a letter.
        browser.type_text("/vm").await;
        assert_eq!(browser.value("document.activeElement.value").await, json!("/vm"));
    })
    .await;
}

/// Clicks on a tab of the last example, and returns how far it moved in the window.
async fn choose_language(browser: &Browser, language: &str) -> f64 {
    let script = "
        const tabs = [...document.querySelectorAll('.tabs')].at(-1);
        const label = [...tabs.querySelectorAll('label')].find((it) => it.htmlFor.endsWith(`-${arguments[0]}`));
        label.scrollIntoView({ block: 'center' });
        const top = label.getBoundingClientRect().top;
        label.click();
        const done = arguments[arguments.length - 1];
        // Two frames later, anything that scrolls has scrolled.
        requestAnimationFrame(() => requestAnimationFrame(() => done(label.getBoundingClientRect().top - top)));
    ";
    browser.run_async(script, vec![json!(language)]).await.as_f64().unwrap()
}

async fn languages(browser: &Browser) -> Vec<Value> {
    browser.value(OPEN_TABS).await.as_array().unwrap().clone()
}

#[tokio::test]
async fn language_of_samples_is_remembered() {
    with_browser(Scripts::On, async |browser| {
        let node = Node::start();
        for page in [site::in_folder(ATTACH), node.at(&format!("/docs/{ATTACH}"))] {
            open(&browser, &page).await;
            assert!(languages(&browser).await.iter().all(|language| language == "http"), "{page}");
            let moved = choose_language(&browser, "python").await;
            assert!(moved.abs() < 2.0, "{page}: the tab moved by {moved} pixels");
            let all = languages(&browser).await;
            assert!(all.len() > 2 && all.iter().all(|language| language == "python"), "{page}: {all:?}");
            // On another page, and on the first one again.
            for other in [&page.replace("AttachIsoToVmInstance", "StopVmInstance"), &page] {
                open(&browser, other).await;
                let all = languages(&browser).await;
                assert!(
                    !all.is_empty() && all.iter().all(|language| language == "python"),
                    "{other}: {all:?}"
                );
            }
            choose_language(&browser, "http").await;
        }
        assert_eq!(browser.problems().await, Vec::<String>::new());
        node.stop();
    })
    .await;
}

#[tokio::test]
async fn versions_that_are_not_releases_are_explained() {
    with_browser(Scripts::On, async |browser| {
        let note = "document.querySelector('#not-a-release')?.innerText ?? ''";
        let select = "document.querySelector('select.release').value";
        for (asked, shown, said) in [
            ("3.1.0", "3.1.0", ""),
            // The same version, written differently.
            ("3.1", "3.1.0", ""),
            ("2.4.1", "2.3.2.1", "2.4.1 is not a release. This page shows 2.3.2.1, the release before it."),
            ("99.1", "", "99.1 is not a release: the newest one is"),
            ("0.1", "", "0.1 is not a release: the first one is 0.6. This page shows all releases. The nearest is 0.6."),
            ("latest", "", "latest is not a release: a release is a number such as"),
        ] {
            open(&browser, &site::in_folder(&format!("{ATTACH}?v={asked}"))).await;
            let seen = (browser.value(select).await, browser.value(note).await);
            assert_eq!(seen.0, json!(shown), "{asked}: {}", seen.1);
            let text = seen.1.as_str().unwrap();
            assert!(text.starts_with(said) && text.is_empty() == said.is_empty(), "{asked}: {text}");
            // Links keep the shown release.
            let link = browser.value("document.querySelector('a.brand').search").await;
            let expected = if shown.is_empty() { String::new() } else { format!("?v={shown}") };
            assert_eq!(link, json!(expected), "{asked}");
        }
        browser.click("#not-a-release a").await;
        browser.until("!document.querySelector('#not-a-release') && document.querySelector('select.release')?.value").await;
        assert_eq!(browser.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn dashboard_and_reference_link_to_each_other() {
    with_browser(Scripts::On, async |browser| {
        let node = Node::start();
        open(&browser, &node.at(&format!("/docs/{ATTACH}"))).await;
        browser.click(".top nav a[href='/']").await;
        browser.until("document.querySelector('#login-form') && location.pathname === '/'").await;
        browser.click(".top nav a[href='/docs/']").await;
        browser
            .until("location.pathname === '/docs/' && document.querySelector('.top nav a[href=\"/\"]')")
            .await;
        node.stop();
        // Without a node there is no dashboard.
        open(&browser, &site::in_folder(ATTACH)).await;
        let links =
            browser.value("[...document.querySelectorAll('nav a')].map((it) => it.innerText).join()").await;
        assert!(!links.as_str().unwrap().contains("Dashboard"), "{links}");
    })
    .await;
}

/// Finds code that is covered by its copy button.
const COVERED: &str = "
    const crossed = [];
    document.querySelectorAll('details').forEach((it) => { it.open = true; });
    document.querySelectorAll('.tabs > input').forEach((tab) => {
        tab.checked = true;
        for (const button of document.querySelectorAll('button.copy')) {
            const a = button.getBoundingClientRect();
            for (const it of button.parentElement.querySelectorAll('pre, code, a')) {
                const b = it.getBoundingClientRect();
                // Scrolling content ends at the border of its box.
                const box = it.closest('pre')?.getBoundingClientRect() ?? b;
                const right = Math.min(b.right, box.right);
                if (a.width > 0 && b.width > 0 && a.left < right - 1 && a.right > b.left + 1 && a.top < b.bottom - 1 && a.bottom > b.top + 1) {
                    crossed.push(it.textContent.slice(0, 60));
                }
            }
        }
    });
    return crossed;
";

#[tokio::test]
async fn copy_buttons_do_not_cover_code() {
    with_browser(Scripts::On, async |browser| {
        for width in [1280, 375, 320] {
            browser.resize(width, 700, 1).await;
            for page in [
                ATTACH,
                "operations/LogInByAccount.html",
                "types/VmInstanceInventory.html",
                "conventions.html",
            ] {
                open(&browser, &site::in_folder(page)).await;
                assert_eq!(browser.run(COVERED, Vec::new()).await, json!([]), "{page} at {width} px");
            }
        }
    })
    .await;
}

/// Finds cells without a label in tables without heads. Types and descriptions need no
/// label.
const UNLABELLED: &str = "
    const nameless = [];
    for (const row of document.querySelectorAll('.rows tbody > tr:not(.nested)')) {
        const cells = [...row.cells].slice(1, -1).filter((it) => it.textContent.trim() && it.checkVisibility());
        const last = row.cells[row.cells.length - 1];
        if (/^\\d+$/.test(last.textContent.trim())) { cells.push(last); }
        for (const it of cells) {
            const label = getComputedStyle(it, '::before').content;
            if (label === 'none' && !it.querySelector(':scope > code')) { nameless.push(row.id + ': ' + it.textContent); }
        }
    }
    return nameless;
";

#[tokio::test]
async fn cells_have_labels_on_a_phone() {
    with_browser(Scripts::On, async |browser| {
        browser.resize(375, 700, 1).await;
        for page in ["releases/index.html", ATTACH, "types/VmInstanceState.html", "errors.html"] {
            open(&browser, &site::in_folder(page)).await;
            assert_eq!(browser.run(UNLABELLED, Vec::new()).await, json!([]), "{page}");
        }
        let first = "document.querySelector('#release-3\\\\.3\\\\.0')";
        open(&browser, &site::in_folder("releases/index.html")).await;
        let label = browser.value(&format!("getComputedStyle({first}.cells[1], '::before').content")).await;
        assert!(label.as_str().unwrap().contains("Operations"), "{label}");
    })
    .await;
}
