//! The conversion of conditions in ZQL.

use zstack_runtime::query;

use super::parser::Parser;
use super::tokens::Token;
use super::{Comparison, Condition, Operand, Operator, SubQuery};
use crate::query::{MAX_CONDITIONS, MAX_VALUES};
use crate::rules::{Verdict, errors};

/// The maximum depth of parentheses and sub-queries.
const MAX_DEPTH: usize = 32;

/// The maximum height of the expression that conditions become. The maximum of SQLite is 1000, of which
/// rules about visible rows need a part.
const MAX_HEIGHT: usize = 800;

/// The height of a sub-query in SQL.
const SUB_QUERY: usize = 36;

/// The height of a name in a path, which can become two sub-queries.
const NAME_IN_PATH: usize = 2 * SUB_QUERY;

/// The word between two conditions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Logic {
    And,
    Or,
}

impl Logic {
    /// Combines conditions, of which the last one is the first in the list.
    fn combine(self, mut reversed: Vec<Condition>) -> Condition {
        reversed.reverse();
        match self {
            Self::And => Condition::All(reversed),
            Self::Or => Condition::Any(reversed),
        }
    }
}

impl Parser<'_> {
    /// Parses the conditions of a statement.
    pub(super) fn conditions(&mut self) -> Verdict<Condition> {
        let condition = self.condition()?;
        if height(&condition) > MAX_HEIGHT { Err(self.too_deep()) } else { Ok(condition) }
    }

    /// Parses conditions. As in the grammar of the platform, neither `and` nor `or` binds more tightly, and
    /// each combines the condition on its left with everything on its right: `a and b or c` means
    /// `a and (b or c)`.
    fn condition(&mut self) -> Verdict<Condition> {
        self.enter()?;
        let mut conditions = vec![self.operand_of_logic()?];
        let mut words = Vec::new();
        loop {
            words.push(if self.tokens.take_word("and")? {
                Logic::And
            } else if self.tokens.take_word("or")? {
                Logic::Or
            } else {
                break;
            });
            conditions.push(self.operand_of_logic()?);
        }
        // From the right; conditions with the same word between them are combined at once.
        let mut conditions = conditions.into_iter().rev();
        let mut combined: Vec<_> = conditions.next().into_iter().collect();
        let mut current = words.last().copied().unwrap_or(Logic::And);
        for (word, condition) in words.into_iter().rev().zip(conditions) {
            if word != current {
                combined = vec![current.combine(combined)];
                current = word;
            }
            combined.push(condition);
        }
        self.depth -= 1;
        Ok(match combined.pop() {
            Some(only) if combined.is_empty() => only,
            last => {
                combined.extend(last);
                current.combine(combined)
            }
        })
    }

    /// Counts one level more.
    fn enter(&mut self) -> Verdict<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(self.too_deep()) } else { Ok(()) }
    }

    fn too_deep(&self) -> Box<zstack_runtime::ErrorCode> {
        self.tokens.error(
            "the conditions are nested too deeply; use fewer parentheses, sub-queries, names in paths, or changes \
             between `and` and `or`.",
        )
    }

    /// Parses one comparison, or conditions in parentheses.
    fn operand_of_logic(&mut self) -> Verdict<Condition> {
        if self.tokens.take_sign("(")? {
            let condition = self.condition()?;
            self.tokens.expect_sign(")")?;
            return Ok(condition);
        }
        Ok(Condition::Comparison(self.comparison()?))
    }

    /// Parses the comparison of a field.
    pub(super) fn comparison(&mut self) -> Verdict<Comparison> {
        self.count_conditions(1)?;
        let path = self.path("a field, such as `name`")?;
        let operator = self.operator()?;
        if let Operator::Plain(query::Operator::IsNull | query::Operator::NotNull) = operator {
            return Ok(Comparison { path, operator, operand: Operand::Values(Vec::new()) });
        }
        let takes_list = matches!(
            operator,
            Operator::Plain(query::Operator::In | query::Operator::NotIn) | Operator::Has | Operator::HasNot
        );
        let is_list = *self.tokens.peek() == Token::Sign("(");
        if takes_list && !is_list && *self.tokens.peek() != Token::Word("getapi") {
            return Err(self.tokens.mismatch("`(` and values"));
        }
        let operand = self.operand()?;
        if let (Operator::Has | Operator::HasNot, Operand::Values(values)) = (operator, &operand) {
            // Each of them becomes a condition.
            self.count_conditions(values.len().saturating_sub(1))?;
        }
        match &operand {
            Operand::Values(values) if !takes_list && values.len() != 1 => Err(self
                .tokens
                .error(&format!("`{path}` is compared with {} values; use `in`.", values.len()))),
            Operand::SubQuery(_) if !takes_rows(operator) => Err(self
                .tokens
                .error("only `=`, `!=`, `in` and `not in` compare with the values of a sub-query.")),
            _ => Ok(Comparison { path, operator, operand }),
        }
    }

    fn count_conditions(&mut self, more: usize) -> Verdict<()> {
        self.number_of_conditions += more;
        if self.number_of_conditions <= MAX_CONDITIONS {
            return Ok(());
        }
        let problem = format!("too many conditions; the maximum is {MAX_CONDITIONS} for each statement.");
        Err(self.tokens.error(&problem))
    }

    fn operator(&mut self) -> Verdict<Operator> {
        const EXPECTED: &str = "an operator: `=`, `!=`, `>`, `>=`, `<`, `<=`, `is null`, `is not null`, `in`, `not in`, \
                                `like`, `not like`, `has` or `not has`";
        let operator = match self.tokens.peek() {
            Token::Sign("=") => query::Operator::Equal,
            Token::Sign("!=") => query::Operator::NotEqual,
            Token::Sign(">") => query::Operator::Greater,
            Token::Sign(">=") => query::Operator::GreaterOrEqual,
            Token::Sign("<") => query::Operator::Less,
            Token::Sign("<=") => query::Operator::LessOrEqual,
            Token::Word("in") => query::Operator::In,
            Token::Word("like") => query::Operator::Like,
            Token::Word("is") => {
                self.tokens.take()?;
                let is_negated = self.tokens.take_word("not")?;
                self.tokens.expect_word("null")?;
                let operator = if is_negated { query::Operator::NotNull } else { query::Operator::IsNull };
                return Ok(Operator::Plain(operator));
            }
            Token::Word("has") => {
                self.tokens.take()?;
                return Ok(Operator::Has);
            }
            Token::Word("not") => {
                self.tokens.take()?;
                let operator = match self.tokens.peek() {
                    Token::Word("in") => Operator::Plain(query::Operator::NotIn),
                    Token::Word("like") => Operator::Plain(query::Operator::NotLike),
                    Token::Word("has") => Operator::HasNot,
                    _ => return Err(self.tokens.mismatch("`in`, `like` or `has` after `not`")),
                };
                self.tokens.take()?;
                return Ok(operator);
            }
            _ => return Err(self.tokens.mismatch(EXPECTED)),
        };
        self.tokens.take()?;
        Ok(Operator::Plain(operator))
    }

    /// Parses a value, values in parentheses, or a sub-query in parentheses.
    fn operand(&mut self) -> Verdict<Operand> {
        if !self.tokens.take_sign("(")? {
            return Ok(Operand::Values(vec![self.value()?]));
        }
        let operand = if self.tokens.take_word("query")? {
            Operand::SubQuery(Box::new(self.sub_query()?))
        } else {
            self.enter()?;
            let operands = self.operands()?;
            self.depth -= 1;
            operands
        };
        self.tokens.expect_sign(")")?;
        Ok(operand)
    }

    /// Parses values between parentheses, in which each may be in further parentheses.
    fn operands(&mut self) -> Verdict<Operand> {
        let mut values = Vec::new();
        loop {
            match self.operand()? {
                Operand::Values(more) => values.extend(more),
                query if values.is_empty() && *self.tokens.peek() == Token::Sign(")") => return Ok(query),
                Operand::SubQuery(_) => {
                    return Err(self.tokens.error("a sub-query cannot be combined with other values."));
                }
            }
            if !self.tokens.take_sign(",")? {
                return Ok(Operand::Values(values));
            }
        }
    }

    fn value(&mut self) -> Verdict<String> {
        self.number_of_values += 1;
        if self.number_of_values > MAX_VALUES {
            let problem = format!("too many values; the maximum is {MAX_VALUES} for each statement.");
            return Err(self.tokens.error(&problem));
        }
        match self.tokens.peek() {
            Token::Text(_) => {}
            Token::Number(_) | Token::Word("true" | "false") => {}
            Token::Word("getapi") => {
                return Err(errors::zql_unsupported("`getapi`, a call of an operation in a condition,"));
            }
            Token::Word("null") => {
                return Err(self.tokens.error("a comparison with null; write `is null` or `is not null`."));
            }
            Token::Word(word) => {
                let expected = format!("a value; write a text in quotation marks, such as '{word}'");
                return Err(self.tokens.mismatch(&expected));
            }
            _ => return Err(self.tokens.mismatch("a value")),
        }
        Ok(match self.tokens.take()? {
            Token::Text(text) => text,
            Token::Number(text) | Token::Word(text) | Token::Sign(text) => text.to_owned(),
            Token::End => String::new(),
        })
    }

    /// Parses a sub-query after its first word.
    fn sub_query(&mut self) -> Verdict<SubQuery> {
        let resource = self.tokens.name("the name of a resource")?.to_owned();
        self.tokens.expect_sign(".")?;
        let field = self.tokens.name("the name of a field")?.to_owned();
        if matches!(self.tokens.peek(), Token::Sign("," | ".")) {
            return Err(self.tokens.error("a sub-query selects one field of its resource."));
        }
        let condition = if self.tokens.take_word("where")? { Some(self.condition()?) } else { None };
        match self.tokens.peek() {
            Token::Sign(")") => Ok(SubQuery { resource, field, condition }),
            Token::Word(_) => Err(self.tokens.mismatch("`)`; a sub-query has no clause but `where`")),
            _ => Err(self.tokens.mismatch("`)`")),
        }
    }
}

/// The height of the expression that conditions become.
fn height(condition: &Condition) -> usize {
    match condition {
        Condition::All(conditions) | Condition::Any(conditions) => {
            conditions.len() + conditions.iter().map(height).max().unwrap_or_default()
        }
        Condition::Comparison(Comparison { path, operator, operand }) => {
            let inner = match (operand, operator) {
                (Operand::SubQuery(query), _) => SUB_QUERY + query.condition.as_ref().map_or(0, height),
                (Operand::Values(values), Operator::Has | Operator::HasNot) => values.len(),
                (Operand::Values(_), Operator::Plain(_)) => 1,
            };
            path.matches('.').count() * NAME_IN_PATH + inner
        }
    }
}

/// Returns whether an operator compares with the values of a sub-query.
fn takes_rows(operator: Operator) -> bool {
    use query::Operator::{Equal, In, NotEqual, NotIn};
    matches!(operator, Operator::Plain(Equal | NotEqual | In | NotIn))
}
