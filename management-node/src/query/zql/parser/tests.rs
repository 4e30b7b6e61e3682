//! Tests of the conversion of texts to statements.

use proptest::prelude::*;
use zstack_runtime::query;

use super::*;
use crate::query::zql::{Condition, Operand, Operator};

fn select(text: &str) -> Select<'_> {
    let mut statements = parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    match statements.pop() {
        Some(Statement::Select(select)) if statements.is_empty() => select,
        other => panic!("{text}: {other:?}"),
    }
}

fn details(text: &str) -> String {
    parse(text).expect_err(text).details.unwrap()
}

/// Writes conditions with all parentheses.
fn with_parentheses(condition: &Condition) -> String {
    let joined = |conditions: &[Condition], word: &str| {
        let conditions: Vec<_> = conditions.iter().map(with_parentheses).collect();
        format!("({})", conditions.join(word))
    };
    match condition {
        Condition::All(conditions) => joined(conditions, " and "),
        Condition::Any(conditions) => joined(conditions, " or "),
        Condition::Comparison(comparison) => comparison.path.clone(),
    }
}

#[test]
fn and_and_or_group_from_the_right() {
    for (text, expected) in [
        ("a=1", "a"),
        ("((a=1))", "a"),
        ("a=1 and b=1 and c=1", "(a and b and c)"),
        ("a=1 and b=1 or c=1", "(a and (b or c))"),
        ("a=1 or b=1 and c=1", "(a or (b and c))"),
        ("(a=1 and b=1) or c=1", "((a and b) or c)"),
        ("a=1 or b=1 and c=1 and d=1 or e=1", "(a or (b and c and (d or e)))"),
        ("a=1 and (b=1 or c=1) and d=1", "(a and (b or c) and d)"),
    ] {
        let text = format!("query zone where {text}");
        assert_eq!(with_parentheses(select(&text).condition.as_ref().unwrap()), expected, "{text}");
    }
}

#[test]
fn conditions_have_operators_and_values() {
    use Operator::{Has, HasNot, Plain};
    use query::Operator as Q;
    for (text, operator, values) in [
        ("a.b.c = 'x'", Plain(Q::Equal), vec!["x"]),
        ("a != -5", Plain(Q::NotEqual), vec!["-5"]),
        ("a>1.5", Plain(Q::Greater), vec!["1.5"]),
        ("a >= (1)", Plain(Q::GreaterOrEqual), vec!["1"]),
        ("a<true", Plain(Q::Less), vec!["true"]),
        ("a <= \"it's\"", Plain(Q::LessOrEqual), vec!["it's"]),
        ("a is null", Plain(Q::IsNull), vec![]),
        ("a is\nnot null", Plain(Q::NotNull), vec![]),
        ("a in ('x,y', 2)", Plain(Q::In), vec!["x,y", "2"]),
        ("a not in (('x'))", Plain(Q::NotIn), vec!["x"]),
        ("a like '%it''s'", Plain(Q::Like), vec!["%it's"]),
        ("a not like 'x'", Plain(Q::NotLike), vec!["x"]),
        ("a has ('x', 'y')", Has, vec!["x", "y"]),
        ("a not has ('x')", HasNot, vec!["x"]),
    ] {
        let whole = format!("query zone where {text}");
        let Some(Condition::Comparison(comparison)) = select(&whole).condition else { panic!("{text}") };
        assert_eq!(comparison.operator, operator, "{text}");
        assert_eq!(comparison.operand, Operand::Values(values.into_iter().map(str::to_owned).collect()));
    }
}

#[test]
fn sub_queries_are_nested() {
    let text = "query vminstance where uuid in (((query vmnic.vmInstanceUuid where uuid = (query usedip.vmNicUuid))))";
    let Some(Condition::Comparison(outer)) = select(text).condition else { panic!() };
    let Operand::SubQuery(outer) = outer.operand else { panic!() };
    let Some(Condition::Comparison(inner)) = outer.condition else { panic!() };
    assert!(
        matches!(inner.operand, Operand::SubQuery(inner) if inner.resource == "usedip" && inner.condition.is_none())
    );
    let statements = parse(text).unwrap();
    assert_eq!(statements[0].resources(), ["vminstance", "vmnic", "usedip"]);
}

#[test]
fn clauses_are_read() {
    let text = "query vminstance.name,uuid where a=1 restrict by (zone.uuid='z', host.name like 'h') return with (total) \
                group by name,uuid order by name desc, uuid asc, state limit 10 offset 20 named as 'x'";
    let parsed = select(text);
    let order: Vec<_> = parsed.order.iter().map(|order| (order.field, order.is_descending)).collect();
    assert_eq!(order, [("name", true), ("uuid", false), ("state", false)]);
    let restrictions: Vec<_> = parsed.restrictions.iter().map(|comparison| &*comparison.path).collect();
    assert_eq!(restrictions, ["zone.uuid", "host.name"]);
    assert_eq!(
        (parsed.resource, parsed.fields, parsed.groups),
        ("vminstance", vec!["name", "uuid"], vec!["name", "uuid"])
    );
    assert_eq!(
        (parsed.with_total, parsed.limit, parsed.start, parsed.name.as_deref()),
        (true, Some(10), 20, Some("x"))
    );
    let other_order = select("query vminstance order by name limit 10 return with (total) where a=1");
    assert!(other_order.with_total && other_order.condition.is_some() && other_order.limit == Some(10));
    let sum = select("sum volume.size,actualSize by type where size>0 order by size desc limit 1");
    assert_eq!((sum.verb, sum.groups, sum.fields), (Verb::Sum, vec!["type"], vec!["size", "actualSize"]));
    let distinct = select("count distinct(vminstance.clusterUuid)");
    assert_eq!((distinct.function, distinct.fields), (Some(Function::Distinct), vec!["clusterUuid"]));
    let Statement::Search(search) =
        parse("search 'web' from vminstance, image limit 1 offset 2").unwrap().remove(0)
    else {
        panic!()
    };
    assert_eq!((search.resources, search.limit, search.start), (vec!["vminstance", "image"], Some(1), 2));
    assert_eq!(parse(" query zone named as 'z';\ncount host;; ").unwrap().len(), 2);
}

#[test]
fn errors_name_the_place_and_the_word() {
    for (text, expected) in [
        ("", "line 1, column 1: expected a statement, such as `query vminstance`; found the end."),
        (
            "delete zone",
            "line 1, column 1: expected a statement, which begins with `query`, `count`, `sum` or `search`; \
                         found `delete`.",
        ),
        (
            "QUERY zone",
            "line 1, column 1: expected a statement, which begins with `query`, `count`, `sum` or `search`; \
                        found `QUERY`. Keywords are in lower case.",
        ),
        ("query", "line 1, column 6: expected the name of a resource, such as `vminstance`; found the end."),
        ("query zone where", "line 1, column 17: expected a field, such as `name`; found the end."),
        (
            "query zone\nwhere name",
            "line 2, column 11: expected an operator: `=`, `!=`, `>`, `>=`, `<`, `<=`, `is null`, \
                                    `is not null`, `in`, `not in`, `like`, `not like`, `has` or `not has`; found the end.",
        ),
        (
            "query zone where name = Running",
            "line 1, column 25: expected a value; write a text in quotation marks, such \
                                             as 'Running'; found `Running`.",
        ),
        (
            "query zone where name = null",
            "line 1, column 25: a comparison with null; write `is null` or `is not null`.",
        ),
        (
            "query zone where name not = 1",
            "line 1, column 27: expected `in`, `like` or `has` after `not`; found `=`.",
        ),
        ("query zone where a in (1", "line 1, column 25: expected `)`; found the end."),
        ("query zone where a in 1", "line 1, column 23: expected `(` and values; found `1`."),
        ("query zone where a = (1, 2)", "line 1, column 28: `a` is compared with 2 values; use `in`."),
        ("query zone where a=1 b=2", "line 1, column 22: expected a clause, `;` or the end; found `b`."),
        ("query zone limit x", "line 1, column 18: expected an integer that is at least 0; found `x`."),
        ("query zone limit -1", "line 1, column 18: expected an integer that is at least 0; found `-1`."),
        ("query zone limit 1 offset 1 limit 2", "line 1, column 29: a second clause `limit`."),
        (
            "count zone return with (total)",
            "line 1, column 12: a statement of this kind has no clause `return`.",
        ),
        (
            "sum zone by name",
            "line 1, column 10: `sum` needs fields; write `sum vminstance.cpuNum by hostUuid`.",
        ),
        ("sum vminstance.cpuNum", "line 1, column 22: expected `by`; found the end."),
        ("query zone where a in (query zone where b=1)", "line 1, column 35: expected `.`; found `where`."),
        (
            "query zone where a in (query zone.uuid limit 1)",
            "line 1, column 40: expected `)`; a sub-query has no clause \
                                                             but `where`; found `limit`.",
        ),
        (
            "query zone where a in (query zone.uuid,name)",
            "line 1, column 39: a sub-query selects one field of its resource.",
        ),
        (
            "query zone where a in (1, (query zone.uuid))",
            "line 1, column 44: a sub-query cannot be combined with other values.",
        ),
        (
            "query zone where a > (query zone.uuid)",
            "line 1, column 39: only `=`, `!=`, `in` and `not in` compare with the \
                                                    values of a sub-query.",
        ),
        (
            "query zone restrict by (uuid = 'x')",
            "line 1, column 35: `restrict by` compares a field of a resource, such \
                                                 as `zone.uuid`; found `uuid`.",
        ),
        (
            "query vminstance.vmNics.ip",
            "line 1, column 24: fields of related resources can only be used in conditions.",
        ),
    ] {
        assert_eq!(details(text), format!("[zql] {expected}"), "{text}");
    }
}

#[test]
fn unsupported_parts_are_named() {
    for (text, part) in [
        ("query zone filter by zwatch{x}", "`filter by zwatch`"),
        (
            "query vminstance return with (total, zwatch{metricName='CPUUsedUtilization'})",
            "`return with (zwatch)`",
        ),
        (
            "query zone where uuid in getapi(api='GetX', output='inventories.uuid')",
            "`getapi`, a call of an operation in a condition,",
        ),
        (
            "query zone where uuid in (getapi(api='GetX', output='inventories.uuid'))",
            "`getapi`, a call of an operation in a condition,",
        ),
        ("query vmInstance left join vmNic on vmInstance.uuid=vmNic.vmInstanceUuid", "A join (`left`)"),
        ("query vmnic order by INET_ATON(ip) desc", "An expression in `order by`"),
        ("query concat(zone.name)", "The function `concat`"),
    ] {
        let error = parse(text).expect_err(text);
        assert_eq!(error.code, "SYS.1014", "{text}");
        assert_eq!(error.details.unwrap(), format!("[zql] {part} is not emulated by this node."));
    }
}

#[test]
fn hostile_texts_end_with_an_error() {
    let repeated = |text: &str, number: usize| text.repeat(number);
    for (text, part) in [
        (format!("query zone where {}", repeated("(", 100_000)), "nested too deeply"),
        (format!("query zone where {}", repeated("a in (query zone.a where ", 1000)), "nested too deeply"),
        (format!("query zone where a in {}", repeated("(", 1000)), "nested too deeply"),
        (format!("query zone where a=1{}", repeated(" and a=1", 300)), "too many conditions"),
        (format!("query zone where a in (1{})", repeated(",1", 10_000)), "too many values"),
        (repeated("query zone;", 65), "too many statements"),
        (format!("query zone.a{}", repeated(",a", 300)), "too many fields"),
        (format!("query zone order by a{}", repeated(",a", 300)), "too many fields"),
        (repeated(" ", 600_000), "the maximum is 524288"),
    ] {
        let details = details(&text);
        assert!(details.contains(part) && details.len() < 500, "{details}");
    }
}

/// Parts of statements with `|` between them, so that random sequences come far.
const PARTS: &str = "query|count|sum|search|vminstance|zone|.|name|,|where|(|)|=|!=|>=|<|is|not|null|in|like|has|'a'|\
    \"b\"|1|-1.5|true|and|or|restrict|by|return|with|total|group|order|asc|limit|offset|filter|named|as|\
    ;|distinct|{|getapi";

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn every_text_has_an_answer(text in any::<String>()) {
        let _ = parse(&text);
    }

    #[test]
    fn every_sequence_of_parts_has_an_answer(parts in prop::collection::vec(prop::sample::select(PARTS.split('|').collect::<Vec<_>>()), 0..40)) {
        match parse(&format!("query zone where name {}", parts.join(" "))) {
            Ok(statements) => prop_assert!(!statements.is_empty()),
            Err(error) => prop_assert!(error.details.is_some_and(|details| details.starts_with("[zql] "))),
        }
        let _ = parse(&parts.concat());
    }
}
