//! ZQL, the query language of the platform: a statement becomes a query operation.

use serde_json::{Map, Value, json};
use zstack_runtime::query::{Condition, Operator};

use crate::rules::errors::{self, Verdict};
use crate::service::Failure;
use crate::service::written::storages::answer;
use crate::service::written::{Context, Done};
use crate::store::Store;

/// A statement.
#[derive(Debug, Default, PartialEq, Eq)]
struct Statement {
    /// The resource, in any case.
    resource: String,
    /// The name of the result.
    name: Option<String>,
    /// The parameters of the query operation.
    parameters: Map<String, Value>,
}

/// Runs statements, which semicolons separate.
pub(super) async fn run<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let statements = parse(context.text("zql").unwrap_or_default())?;
    let mut results = Vec::with_capacity(statements.len());
    for Statement { resource, name, parameters } in statements {
        let operation = format!("Query{resource}");
        let mut operations = context.plans.operations.iter();
        let found = operations.find(|found| found.name.eq_ignore_ascii_case(&operation));
        let Some(operation) = found else {
            return Err(errors::invalid_argument(format!(
                "[zql] queries `{resource}`, which is not a resource; write a name such as `vminstance`."
            ))
            .into());
        };
        let credentials = context.call.credentials().clone();
        let mut result = context.node.run_operation(operation.name, &parameters, credentials).await?;
        result.extend(name.map(|name| ("name".to_owned(), name.into())));
        results.push(result);
    }
    Ok(answer(json!({"results": results})))
}

/// A word, a number, an operator, or the text between quotation marks.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Plain(String),
    Quoted(String),
}

/// Splits a text into tokens.
fn tokens(text: &str) -> Verdict<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' | '"' => {
                let inner = &rest[1..];
                let end = inner.find(first).ok_or_else(|| problem("a quotation mark is not closed"))?;
                tokens.push(Token::Quoted(inner[..end].to_owned()));
                rest = inner[end + 1..].trim_start();
                continue;
            }
            '=' | ',' | '(' | ')' | ';' => 1,
            '<' | '>' | '!' => 1 + usize::from(rest[1..].starts_with('=')),
            _ => rest
                .find(|next: char| next.is_whitespace() || "=,();<>!'\"".contains(next))
                .unwrap_or(rest.len()),
        };
        tokens.push(Token::Plain(rest[..length].to_owned()));
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

fn problem(what: &str) -> Box<zstack_runtime::ErrorCode> {
    errors::invalid_argument(format!(
        "[zql] is not understood: {what}. This node knows `query` and `count` with `where` (conditions joined by \
         `and`), `order by`, `limit`, `offset`, `return with (total)` and `named as`."
    ))
}

/// Parses all statements.
fn parse(text: &str) -> Verdict<Vec<Statement>> {
    let tokens = tokens(text)?;
    let statements = tokens.split(|token| *token == Token::Plain(";".to_owned()));
    let statements: Vec<_> = statements
        .filter(|tokens| !tokens.is_empty())
        .map(|tokens| Parser { tokens }.statement())
        .collect::<Result<_, _>>()?;
    if statements.is_empty() { Err(problem("there is no statement")) } else { Ok(statements) }
}

/// The tokens that are left of a statement.
struct Parser<'a> {
    tokens: &'a [Token],
}

impl Parser<'_> {
    fn next(&mut self) -> Verdict<Token> {
        let (first, rest) = self.tokens.split_first().ok_or_else(|| problem("it ends too early"))?;
        self.tokens = rest;
        Ok(first.clone())
    }

    /// Takes these words, if they are next.
    fn take(&mut self, words: &[&str]) -> bool {
        let is_word = |(token, word): (&Token, &&str)| matches!(token, Token::Plain(plain) if plain == word);
        let is_next = self.tokens.len() >= words.len() && self.tokens.iter().zip(words).all(is_word);
        if is_next {
            self.tokens = &self.tokens[words.len()..];
        }
        is_next
    }

    fn expect(&mut self, words: &[&str]) -> Verdict<()> {
        if self.take(words) { Ok(()) } else { Err(problem(&format!("`{}` is missing", words.join(" ")))) }
    }

    fn word(&mut self) -> Verdict<String> {
        match self.next()? {
            Token::Plain(word) => Ok(word),
            Token::Quoted(text) => Err(problem(&format!("`{text}` must not be in quotation marks"))),
        }
    }

    fn value(&mut self) -> Verdict<String> {
        match self.next()? {
            Token::Plain(text) if "(),;".contains(&*text) => {
                Err(problem(&format!("`{text}` is not a value")))
            }
            Token::Plain(text) | Token::Quoted(text) => Ok(text),
        }
    }

    fn number(&mut self) -> Verdict<i64> {
        let word = self.word()?;
        word.parse().map_err(|_| problem(&format!("`{word}` is not a number")))
    }

    /// Words with commas between them.
    fn list(&mut self, item: impl Fn(&mut Self) -> Verdict<String>) -> Verdict<Vec<String>> {
        let mut items = vec![item(self)?];
        while self.take(&[","]) {
            items.push(item(self)?);
        }
        Ok(items)
    }

    fn statement(mut self) -> Verdict<Statement> {
        let is_count = self.take(&["count"]);
        if !is_count {
            self.expect(&["query"])?;
        }
        let mut statement = Statement::default();
        let mut fields = self.list(Self::word)?;
        if let Some((resource, field)) = fields[0].clone().split_once('.') {
            resource.clone_into(&mut statement.resource);
            field.clone_into(&mut fields[0]);
            statement.set("fields", fields.join(","));
        } else {
            statement.resource = fields.swap_remove(0);
        }
        if is_count {
            statement.set("count", true);
        }
        while !self.tokens.is_empty() {
            self.clause(&mut statement)?;
        }
        Ok(statement)
    }

    fn clause(&mut self, statement: &mut Statement) -> Verdict<()> {
        if self.take(&["where"]) {
            let mut conditions = vec![self.condition()?];
            while self.take(&["and"]) {
                conditions.push(self.condition()?);
            }
            statement.set("q", conditions);
        } else if self.take(&["order", "by"]) {
            let field = self.word()?;
            let sign = if self.take(&["desc"]) { '-' } else { '+' };
            let _ = self.take(&["asc"]);
            statement.set("sort", format!("{sign}{field}"));
        } else if self.take(&["limit"]) {
            statement.set("limit", self.number()?);
        } else if self.take(&["offset"]) {
            statement.set("start", self.number()?);
        } else if self.take(&["return", "with", "("]) {
            self.expect(&["total", ")"])?;
            statement.set("replyWithCount", true);
        } else if self.take(&["named", "as"]) {
            statement.name = Some(self.value()?);
        } else {
            let word = self.value()?;
            return Err(problem(&format!("`{word}` is not expected here")));
        }
        Ok(())
    }

    /// A condition such as `state not in ('Running', 'Stopped')`, in the form of query operations.
    fn condition(&mut self) -> Verdict<String> {
        let field = self.word()?;
        let is_negated = self.take(&["not"]);
        let operator = match (&*self.word()?, is_negated) {
            ("=", false) => Operator::Equal,
            ("!=", false) => Operator::NotEqual,
            (">", false) => Operator::Greater,
            (">=", false) => Operator::GreaterOrEqual,
            ("<", false) => Operator::Less,
            ("<=", false) => Operator::LessOrEqual,
            ("like", false) => Operator::Like,
            ("like", true) => Operator::NotLike,
            ("in", false) => Operator::In,
            ("in", true) => Operator::NotIn,
            ("is", false) if self.take(&["not", "null"]) => Operator::NotNull,
            ("is", false) if self.take(&["null"]) => Operator::IsNull,
            (other, _) => return Err(problem(&format!("`{other}` is not an operator"))),
        };
        let value = match operator {
            Operator::In | Operator::NotIn => {
                self.expect(&["("])?;
                let values = self.list(Self::value)?;
                self.expect(&[")"])?;
                values.join(",")
            }
            Operator::IsNull | Operator::NotNull => String::new(),
            _ => self.value()?,
        };
        Ok(Condition::new(&field, operator, value).to_string())
    }
}

impl Statement {
    fn set(&mut self, parameter: &str, value: impl Into<Value>) {
        self.parameters.insert(parameter.to_owned(), value.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_become_queries() {
        for (text, resource, expected) in [
            ("query vminstance", "vminstance", json!({})),
            ("count host where state=\"Enabled\"", "host", json!({"q": ["state=Enabled"], "count": true})),
            (
                "query zone.name,uuid limit 5 offset 10",
                "zone",
                json!({"fields": "name,uuid", "limit": 5, "start": 10}),
            ),
            (
                "query vmInstance where cpuNum >= 2 and name like '%a b%' and hostUuid is not null order by name desc",
                "vmInstance",
                json!({"q": ["cpuNum>=2", "name~=%a b%", "hostUuid not null"], "sort": "-name"}),
            ),
            (
                "query vminstance where state not in ('Running', Stopped) and isoUuid is null return with (total)",
                "vminstance",
                json!({"q": ["state!?=Running,Stopped", "isoUuid is null"], "replyWithCount": true}),
            ),
        ] {
            let parsed = parse(text).unwrap();
            assert_eq!(
                (&*parsed[0].resource, Value::from(parsed[0].parameters.clone())),
                (resource, expected),
                "{text}"
            );
        }
        let several = parse("query zone named as 'z'; count host;").unwrap();
        assert_eq!((several.len(), several[0].name.as_deref()), (2, Some("z")));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            ";",
            "delete zone",
            "query",
            "query zone where",
            "query zone where name",
            "query zone where name = ",
            "query zone where name = 'x",
            "query zone where a=1 or b=2",
            "query zone limit x",
            "query zone group by name",
            "query zone where a in (1",
            "sum zone.x by y",
            "query zone where a not = 1",
            "query zone where (a=1)",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
