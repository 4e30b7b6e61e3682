//! Literals in samples are read as the original values.

use std::io::Write as _;
use std::process::{Command, Stdio};

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::Value;

use super::json::{Json, PLAIN};
use super::*;

/// Texts that end strings, begin escapes or have a meaning in some language.
const HOSTILE: [&str; 22] = [
    "",
    "plain",
    "it's",
    "say \"hi\"",
    "back\\slash\\",
    "\\u0041 \\n \\x41 \\'",
    "two\nlines\r\nand a\ttab",
    "$HOME ${HOME} $(id) `id`",
    "`${process.exit()}`",
    "{braces} {0} %s %n %%",
    "#no comment // nor /* this */",
    "'; rm -rf / #",
    "\"); System.exit(1); //",
    "'''\"\"\"",
    "\u{0}\u{1}\u{7f}\u{85}\u{9b}",
    "\u{2028}\u{2029}\u{202e}\u{feff}",
    "größe 镜像 💿",
    "__proto__",
    "-option",
    "@file",
    "null",
    "~ * ? [a-z] ! ^ & | ; < > =",
];

fn texts() -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    let any = vec(prop_oneof![any::<char>(), prop::char::range('\0', '\u{7f}')], 0..12);
    let random = (0..300).map(|_| any.new_tree(&mut runner).unwrap().current().into_iter().collect());
    HOSTILE.map(str::to_owned).into_iter().chain(random).collect()
}

fn values() -> Vec<Value> {
    let texts = prop::sample::select(texts());
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        // The integers that JavaScript represents exactly.
        (-(1_i64 << 53)..1_i64 << 53).prop_map(Value::from),
        (-1e6..1e6).prop_map(Value::from),
        texts.clone().prop_map(Value::from),
    ];
    let any = leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            btree_map(texts.clone(), inner, 0..5)
                .prop_map(|btree_map| Value::Object(btree_map.into_iter().collect())),
        ]
    });
    let mut runner = TestRunner::deterministic();
    (0..200).map(|_| any.new_tree(&mut runner).unwrap().current()).collect()
}

/// The output of a program; `None` if it is not installed, which fails the test with
/// `TEST_TOOLS=required`.
fn output(program: &str, arguments: &[&str], input: &str) -> Option<Vec<u8>> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    // With the standard library only, and without a network.
    command.envs([("GOPROXY", "off"), ("GOTOOLCHAIN", "local"), ("GOFLAGS", ""), ("CGO_ENABLED", "0")]);
    let Ok(mut child) = command.spawn() else {
        assert!(std::env::var("TEST_TOOLS").as_deref() != Ok("required"), "`{program}` is not installed");
        // Not `eprintln!`, whose output is hidden if the test succeeds.
        let _ = writeln!(std::io::stderr(), "SKIPPED: literals of samples: `{program}` is not installed");
        return None;
    };
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program} of\n{input}");
    Some(output.stdout)
}

#[test]
fn shell_words_are_read_as_the_original_texts() {
    let texts: Vec<String> = texts().into_iter().filter(|text| !text.contains('\0')).collect();
    let plain = texts.iter().map(|text| shell::word(text));
    let quoted = texts.iter().map(|text| shell::single_quote(text));
    let double = texts.iter().map(|text| format!("\"{}\"", shell::escape_for_double_quotes(text)));
    let words: Vec<_> = plain.chain(quoted).chain(double).collect();
    let found = output("sh", &[], &format!("printf '%s\\0' {}", words.join(" "))).unwrap();
    let found: Vec<_> =
        found.split(|byte| *byte == 0).map(|part| String::from_utf8_lossy(part).into_owned()).collect();
    assert_eq!(found.len(), words.len() + 1);
    for (index, found) in found[..words.len()].iter().enumerate() {
        assert_eq!(*found, texts[index % texts.len()], "{}", words[index]);
    }
}

#[test]
fn python_literals_are_read_as_the_original_values() {
    let values = values();
    let lines: String =
        values.iter().map(|value| format!("    {},\n", python::PYTHON.write(&value.into(), 1, 4))).collect();
    let program = format!("import json\nprint(json.dumps([\n{lines}]))\n");
    if let Some(found) = output("python3", &["-"], &program) {
        assert_same_values(&values, &found);
    }
}

#[test]
fn javascript_literals_are_read_as_the_original_values() {
    let values = values();
    let lines: String = values
        .iter()
        .map(|value| format!("  {},\n", javascript::JAVASCRIPT.write(&value.into(), 1, 2)))
        .collect();
    let program = format!("console.log(JSON.stringify([\n{lines}]));\n");
    if let Some(found) = output("node", &["--input-type=module", "-"], &program) {
        assert_same_values(&values, &found);
    }
}

fn assert_same_values(values: &[Value], found: &[u8]) {
    let found: Vec<Value> = serde_json::from_slice(found).unwrap();
    assert_eq!(found.len(), values.len());
    for (found, value) in found.iter().zip(values) {
        assert!(is_same(found, value), "{found} is not {value}");
    }
}

/// Returns whether two values are equal if `1` equals `1.0`.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| is_same(value, other)))
        }
        _ => one == other,
    }
}

#[test]
fn json_is_valid_and_fits_into_go_raw_strings() {
    for value in values() {
        for text in [PLAIN.write(&(&value).into(), 0, 0), PLAIN.line(&(&value).into())] {
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value, "{text}");
            // Nothing may end the raw string of Go, or be invisible.
            let raw = go::raw(&text);
            assert!(!raw[1..raw.len() - 1].contains(['`', '\r', '\u{feff}', '\0']), "{raw}");
            assert_eq!(serde_json::from_str::<Value>(&raw[1..raw.len() - 1]).unwrap(), value, "{raw}");
        }
    }
}

#[test]
fn members_keep_their_order() {
    let text = r#"{"z": 1, "a": {"y": null, "b": [true, "x"]}}"#;
    assert_eq!(PLAIN.line(&serde_json::from_str::<Json>(text).unwrap()), text);
}

#[test]
fn java_literals_are_read_as_the_original_texts() {
    let texts = texts();
    let lines: String = texts.iter().map(|text| format!("        {},\n", java::literal(text))).collect();
    let program = format!(
        "public class Texts {{\n    public static void main(String[] arguments) {{\n        for (String text : new String[] {{\n\
         {lines}        }}) {{\n            for (char unit : text.toCharArray()) System.out.print((int) unit + \" \");\n\
         \x20           System.out.println();\n        }}\n    }}\n}}\n"
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("Texts.java");
    fs_err::write(&file, program).unwrap();
    if output("javac", &["-version"], "").is_none() {
        return;
    }
    let found = output("java", &["-Dfile.encoding=UTF-8", file.to_str().unwrap()], "").unwrap();
    let found = String::from_utf8(found).unwrap();
    let found: Vec<&str> = found.lines().collect();
    assert_eq!(found.len(), texts.len());
    for (found, text) in found.iter().zip(&texts) {
        let units: Vec<u16> = found.split_whitespace().map(|word| word.parse().unwrap()).collect();
        assert_eq!(String::from_utf16(&units).unwrap(), *text, "{}", java::literal(text));
    }
}

#[test]
fn go_literals_have_the_expected_escapes() {
    for (text, literal) in [
        ("a\"b\\c\n\r\t", r#""a\"b\\c\n\r\t""#),
        ("\0\u{7f}\u{85}", r#""\u0000\u007f\u0085""#),
        ("`$größe`\u{202e}", "\"`$größe`\\u202e\""),
    ] {
        assert_eq!(go::literal(text), literal);
    }
}

#[test]
fn go_literals_are_read_as_the_original_texts() {
    let texts = texts();
    let lines: String = texts.iter().map(|text| format!("\t\t{},\n", go::literal(text))).collect();
    let program = format!(
        "package main\n\nimport \"fmt\"\n\nfunc main() {{\n\tfor _, text := range []string{{\n{lines}\t}} {{\n\
         \t\tfmt.Printf(\"%x\\n\", text)\n\t}}\n}}\n"
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("main.go");
    fs_err::write(&file, program).unwrap();
    let Some(found) = output("go", &["run", file.to_str().unwrap()], "") else { return };
    let found = String::from_utf8(found).unwrap();
    let found: Vec<&str> = found.lines().collect();
    assert_eq!(found.len(), texts.len());
    for (found, text) in found.iter().zip(&texts) {
        let expected: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(*found, expected, "{}", go::literal(text));
    }
}

#[test]
fn rust_literals_are_the_original_texts() {
    let model = spec();
    let operation = model.operation("CreateVmCdRom").unwrap();
    for text in texts() {
        let example = example(operation, &text);
        let text_of_sample = sample(&model, operation, &example, Language::Rust).text;
        syn::parse_file(&text_of_sample).unwrap();
        let mut found = Vec::new();
        collect_strings(text_of_sample.parse().unwrap(), &mut found);
        assert!(found.contains(&text), "{text:?} is not in\n{text_of_sample}");
    }
}

fn collect_strings(tokens: proc_macro2::TokenStream, found: &mut Vec<String>) {
    for token in tokens {
        match token {
            proc_macro2::TokenTree::Group(group) => collect_strings(group.stream(), found),
            proc_macro2::TokenTree::Literal(literal) => {
                found.extend(
                    syn::parse_str::<syn::LitStr>(&literal.to_string()).map(|text| text.value()).ok(),
                );
            }
            _ => {}
        }
    }
}

fn spec() -> Model {
    let spec = camino::Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    zstack_model::load::load(&spec).unwrap()
}

/// The first example of an operation, with a changed name.
fn example(operation: &Operation, name: &str) -> Example {
    let mut example = operation.examples[0].clone();
    example.request.insert("name".to_owned(), name.into());
    example
}

#[test]
fn cli_conditions_have_the_operators_of_zstack_cli() {
    let model = spec();
    let operation = model.operation("QueryVmInstance").unwrap();
    for (condition, word) in [
        ("name=web", "name=web"),
        ("name~=it's%", r"'name~=it'\''s%'"),
        ("hostUuid is null", "hostUuid=null"),
        ("vmCdRoms.isoUuid not null", "'vmCdRoms.isoUuid!=null'"),
        ("cpuNum>=4", "'cpuNum>=4'"),
    ] {
        let mut example = operation.examples[0].clone();
        example.request = serde_json::Map::from_iter([("q".to_owned(), Value::from(vec![condition]))]);
        let text = sample(&model, operation, &example, Language::Cli).text;
        assert_eq!(text, format!("zstack-cli QueryVmInstance {word}\n"));
    }
}

/// The expected texts have tokens in brackets, with the first letter of their kinds.
#[test]
fn tokens_have_the_expected_kinds() {
    for (language, text, expected) in [
        (
            Language::Curl,
            "# it's\ncurl -d '{\"a\"}' \"$X/y\" # end",
            "c[# it's]\nk[curl] -d s['{\"a\"}'] s[\"$X/y\"] c[# end]",
        ),
        (Language::Curl, "a=b#c \\\n  -d 'it'\\''s'", "a=b#c \\\n  -d s['it']\\'s['s']"),
        (Language::Cli, "zstack-cli StopVmInstance n=3", "k[zstack-cli] StopVmInstance n=n[3]"),
        (Language::Rust, "let x = a.await?; // a \"b\"", "k[let] x = a.k[await]?; c[// a \"b\"]"),
        (Language::Rust, ".limit(20).gt(8i64, \"a\\\"b\")", ".limit(n[20]).gt(n[8i64], s[\"a\\\"b\"])"),
        (Language::Java, "import x; action.new = 5L;", "k[import] x; action.new = n[5L];"),
        (
            Language::Python,
            "if response.status == 202:  # a job",
            "k[if] response.status == n[202]:  c[# a job]",
        ),
        (Language::Go, "body := f(`{\"a\": \"\\\"}`)", "body := f(s[`{\"a\": \"\\\"}`])"),
        (Language::JavaScript, "const a = `b ${c} \\``; // d", "k[const] a = s[`b ${c} \\``]; c[// d]"),
        (Language::JavaScript, "36c27e8f /* */", "36c27e8f /* */"),
    ] {
        let tokens = tokens::tokens(language, text);
        let marked: String = tokens
            .iter()
            .map(|token| match token.kind {
                TokenKind::Keyword => format!("k[{}]", token.text),
                TokenKind::String => format!("s[{}]", token.text),
                TokenKind::Number => format!("n[{}]", token.text),
                TokenKind::Comment => format!("c[{}]", token.text),
                TokenKind::Plain => token.text.to_owned(),
            })
            .collect();
        assert_eq!(marked, expected, "{language:?}");
    }
}

#[test]
fn tokens_concatenate_to_the_text() {
    for text in texts() {
        for language in Language::ALL {
            let tokens = tokens::tokens(language, &text);
            assert_eq!(tokens.iter().map(|token| token.text).collect::<String>(), text, "{language:?}");
            assert!(tokens.iter().all(|token| !token.text.is_empty()), "{language:?}: {text:?}");
        }
    }
}

#[test]
fn languages_are_found_by_name() {
    for language in Language::ALL {
        assert_eq!(language.name().parse(), Ok(language));
    }
    let error = "cobol".parse::<Language>().unwrap_err().to_string();
    assert_eq!(
        error,
        "there are no samples in `cobol`; use one of curl, rust, java, python, go, javascript, cli"
    );
}
