//! The modules of a crate and their imports.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The path of a module in its crate, such as `["report", "json"]`; `[]` for the root.
pub(crate) type ModulePath = Vec<String>;

/// The modules of a crate that have their own files.
pub(crate) struct Modules(BTreeMap<ModulePath, Module>);

#[derive(Default)]
struct Module {
    file: PathBuf,
    /// Names of items that the file defines.
    items: HashSet<String>,
    /// Names that the file re-exports, with their paths.
    exports: Vec<(String, Vec<String>)>,
    /// Other paths in the file.
    uses: Vec<Vec<String>>,
}

impl Modules {
    /// Reads a crate from the file of its root, without tests.
    pub(crate) fn read(root: &Path) -> Self {
        let mut modules = Self(BTreeMap::new());
        modules.add(Vec::new(), root, root.parent().unwrap());
        modules
    }

    /// Adds a module and the modules that it declares, whose files are in `folder`.
    fn add(&mut self, path: ModulePath, file: &Path, folder: &Path) {
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let mut module = Module { file: file.to_owned(), ..Module::default() };
        let mut children = Vec::new();
        read_items(tokens, &mut module, &mut children);
        for child in children {
            let flat = folder.join(format!("{child}.rs"));
            let file = if flat.exists() { flat } else { folder.join(&child).join("mod.rs") };
            let mut path = path.clone();
            path.push(child.clone());
            self.add(path, &file, &folder.join(child));
        }
        self.0.insert(path, module);
    }

    /// The modules that each module uses, by the files that define the items. A module may use its ancestors, whose items
    /// are there for it.
    pub(crate) fn arrows(&self) -> BTreeMap<&Path, BTreeSet<&Path>> {
        let mut arrows = BTreeMap::new();
        for (path, module) in &self.0 {
            let used = module.uses.iter().filter_map(|names| self.find(path, names, 0));
            let ancestors = (0..=path.len()).filter_map(|length| self.0.get(&path[..length]));
            let own: HashSet<_> = ancestors.map(|module| module.file.as_path()).collect();
            let used: BTreeSet<_> = used.filter(|file| !own.contains(file)).collect();
            arrows.insert(module.file.as_path(), used);
        }
        arrows
    }

    /// The file that defines the item of a path in a module; `None` for other crates.
    fn find(&self, from: &ModulePath, names: &[String], depth: usize) -> Option<&Path> {
        let mut at = from.clone();
        let mut rest = names;
        match rest.first()?.as_str() {
            "crate" => at.clear(),
            "self" => {}
            "super" => drop(at.pop()?),
            first => {
                let mut child = at.clone();
                child.push(first.to_owned());
                if !self.0.contains_key(&child) {
                    return None;
                }
                at = child;
            }
        }
        rest = &rest[1..];
        while let Some((first, after)) = rest.split_first() {
            if first == "super" {
                at.pop()?;
            } else {
                let mut child = at.clone();
                child.push(first.clone());
                if !self.0.contains_key(&child) {
                    break;
                }
                at = child;
            }
            rest = after;
        }
        let module = self.0.get(&at)?;
        let Some(name) = rest.first() else { return Some(&module.file) };
        if module.items.contains(name) || depth > 8 {
            return Some(&module.file);
        }
        let source = module.exports.iter().find(|(exported, _)| exported == name).map(|(_, source)| source);
        let globs = module.exports.iter().filter(|(exported, _)| exported == "*").map(|(_, source)| source);
        let mut sources = source.into_iter().chain(globs);
        sources.find_map(|source| self.find(&at, source, depth + 1)).or(Some(&module.file))
    }
}

/// Reads the items of a file: those that it defines, exports and uses. Items of tests are left out.
fn read_items(tokens: TokenStream, module: &mut Module, children: &mut Vec<String>) {
    let mut item = Vec::new();
    for token in tokens {
        let ends = match &token {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            // The braces of `use a::{b, c};` do not end the item.
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace && !has_word(&item, "use"),
            _ => false,
        };
        item.push(token);
        if ends {
            read_item(&std::mem::take(&mut item), module, children);
        }
    }
}

fn read_item(item: &[TokenTree], module: &mut Module, children: &mut Vec<String>) {
    // A constant with a block as its value ends twice.
    let Some(start) = item.iter().position(|token| matches!(token, TokenTree::Ident(_))) else { return };
    let is_attribute = |token: &TokenTree| {
        let TokenTree::Group(group) = token else { return false };
        group.delimiter() == Delimiter::Bracket && group.stream().to_string().replace(' ', "") == "cfg(test)"
    };
    if item[..start].iter().any(is_attribute) {
        return;
    }
    let after = |word: &str| {
        let at = item.iter().position(|token| is_word(token, word))?;
        item[at + 1..].iter().find_map(|token| match token {
            TokenTree::Ident(ident) => Some(ident.to_string()),
            _ => None,
        })
    };
    if has_word(item, "use") && !has_word(item, "fn") {
        let at = item.iter().position(|token| is_word(token, "use")).map_or(0, |at| at + 1);
        let mut paths = Vec::new();
        expand(&item[at..item.len() - 1], &[], &mut paths);
        for (path, name) in paths {
            if !has_word(item, "pub") {
                module.uses.push(path.clone());
            }
            // `use super::*` in a child reaches private imports, too.
            module.exports.push((name, path));
        }
        return;
    }
    if let (Some(name), [.., TokenTree::Punct(_)]) = (after("mod"), item) {
        children.push(name);
        return;
    }
    for word in ["fn", "struct", "enum", "trait", "const", "static", "type", "macro_rules", "mod"] {
        module.items.extend(after(word));
    }
    read_paths(item.iter().cloned().collect(), &mut module.uses);
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

fn has_word(tokens: &[TokenTree], word: &str) -> bool {
    tokens.iter().any(|token| is_word(token, word))
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

/// Collects all paths of at least two names.
fn read_paths(tokens: TokenStream, found: &mut Vec<Vec<String>>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Group(group) => read_paths(group.stream(), found),
            TokenTree::Ident(ident) => {
                let mut path = vec![ident.to_string()];
                while let [colon, second, TokenTree::Ident(next), ..] = &tokens[at + 1..] {
                    if !is_punct(colon, ':') || !is_punct(second, ':') {
                        break;
                    }
                    path.push(next.to_string());
                    at += 3;
                }
                if path.len() > 1 {
                    found.push(path);
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// The paths of a `use`, each with the imported name.
fn expand(tokens: &[TokenTree], before: &[String], found: &mut Vec<(Vec<String>, String)>) {
    for part in tokens.split(|token| is_punct(token, ',')) {
        let mut path = before.to_vec();
        let mut renamed = None;
        let mut is_renamed = false;
        for token in part {
            match token {
                TokenTree::Ident(ident) if ident == "as" => is_renamed = true,
                TokenTree::Ident(ident) if is_renamed => renamed = Some(ident.to_string()),
                TokenTree::Ident(ident) => path.push(ident.to_string()),
                TokenTree::Punct(punct) if punct.as_char() == '*' => path.push("*".to_owned()),
                TokenTree::Group(group) => {
                    let inner: Vec<_> = group.stream().into_iter().collect();
                    expand(&inner, &path, found);
                    path.clear();
                }
                _ => {}
            }
        }
        if path.last().is_some_and(|name| name == "self") && path.len() > 1 {
            path.pop();
        }
        if let Some(last) = path.last().cloned() {
            let name = renamed.unwrap_or_else(|| last.clone());
            if last == "*" {
                path.pop();
            }
            found.push((path, name));
        }
    }
}
