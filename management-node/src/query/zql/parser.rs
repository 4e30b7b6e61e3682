//! The conversion of a text in ZQL to statements.

use super::tokens::{Token, Tokens};
use super::{Comparison, Function, Order, Search, Select, Statement, Verb};
use crate::rules::{Verdict, errors};

/// The maximum length of a text, in bytes.
const MAX_LENGTH: usize = 512 * 1024;

/// The maximum number of statements.
const MAX_STATEMENTS: usize = 64;

/// The maximum number of fields of a target, of a group, and of an order.
const MAX_FIELDS: usize = 256;

/// The clauses: the first word, the second one, and the verbs that have them. The grammar of the platform
/// has them in this order; here, their order does not matter.
const CLAUSES: [(&str, &str, &[Verb]); 9] = [
    ("where", "", &[Verb::Query, Verb::Count, Verb::Sum]),
    ("restrict", "by", &[Verb::Query, Verb::Count]),
    ("return", "with", &[Verb::Query]),
    ("group", "by", &[Verb::Query, Verb::Count]),
    ("order", "by", &[Verb::Query, Verb::Count, Verb::Sum]),
    ("limit", "", &[Verb::Query, Verb::Count, Verb::Sum]),
    ("offset", "", &[Verb::Query, Verb::Count, Verb::Sum]),
    ("filter", "by", &[Verb::Query]),
    ("named", "as", &[Verb::Query, Verb::Count, Verb::Sum]),
];

/// Parses statements, which semicolons separate.
///
/// # Errors
///
/// `SYS.1000` with line and column if the text is not ZQL; `SYS.1014` if the node does not emulate a part
/// of it.
pub(crate) fn parse(text: &str) -> Verdict<Vec<Statement<'_>>> {
    if text.len() > MAX_LENGTH {
        return Err(errors::internal(format!(
            "[zql] has {} bytes; the maximum is {MAX_LENGTH}. Send several requests.",
            text.len()
        )));
    }
    let mut parser =
        Parser { tokens: Tokens::new(text)?, depth: 0, number_of_conditions: 0, number_of_values: 0 };
    let mut statements = Vec::new();
    loop {
        while parser.tokens.take_sign(";")? {}
        if *parser.tokens.peek() == Token::End {
            break;
        }
        if statements.len() == MAX_STATEMENTS {
            let problem = format!("too many statements; the maximum is {MAX_STATEMENTS}.");
            return Err(parser.tokens.error(&problem));
        }
        (parser.number_of_conditions, parser.number_of_values) = (0, 0);
        statements.push(parser.statement()?);
        if !matches!(parser.tokens.peek(), Token::Sign(";") | Token::End) {
            return Err(parser.tokens.mismatch("a clause, `;` or the end"));
        }
    }
    if statements.is_empty() {
        return Err(parser.tokens.mismatch("a statement, such as `query vminstance`"));
    }
    Ok(statements)
}

/// The state of the conversion.
pub(super) struct Parser<'t> {
    pub(super) tokens: Tokens<'t>,
    /// The depth of conditions.
    pub(super) depth: usize,
    /// The number of conditions of the statement.
    pub(super) number_of_conditions: usize,
    /// The number of their values.
    pub(super) number_of_values: usize,
}

impl<'t> Parser<'t> {
    fn statement(&mut self) -> Verdict<Statement<'t>> {
        let verb = match self.tokens.peek() {
            Token::Word("query") => Verb::Query,
            Token::Word("count") => Verb::Count,
            Token::Word("sum") => Verb::Sum,
            Token::Word("search") => {
                self.tokens.take()?;
                return Ok(Statement::Search(self.search()?));
            }
            _ => {
                return Err(self
                    .tokens
                    .mismatch("a statement, which begins with `query`, `count`, `sum` or `search`"));
            }
        };
        self.tokens.take()?;
        let mut select = Select {
            verb,
            function: None,
            resource: "",
            fields: Vec::new(),
            condition: None,
            restrictions: Vec::new(),
            with_total: false,
            groups: Vec::new(),
            order: Vec::new(),
            limit: None,
            start: 0,
            name: None,
        };
        self.target(&mut select)?;
        if let Token::Word(word @ ("join" | "inner" | "left" | "right")) = *self.tokens.peek() {
            return Err(errors::zql_unsupported(&format!("A join (`{word}`)")));
        }
        if verb == Verb::Sum {
            if select.fields.is_empty() {
                return Err(self
                    .tokens
                    .error("`sum` needs fields; write `sum vminstance.cpuNum by hostUuid`."));
            }
            self.tokens.expect_word("by")?;
            select.groups = vec![self.tokens.name("the name of a field")?];
        }
        self.clauses(&mut select)?;
        Ok(Statement::Select(select))
    }

    /// Parses a target: a resource, with fields or without, perhaps in a function.
    fn target(&mut self, select: &mut Select<'t>) -> Verdict<()> {
        let name = self.tokens.name("the name of a resource, such as `vminstance`")?;
        let is_function = self.tokens.take_sign("(")?;
        select.resource = name;
        if is_function {
            let function = match name {
                "distinct" => Function::Distinct,
                "min" => Function::Minimum,
                "max" => Function::Maximum,
                "avg" => Function::Average,
                other => return Err(errors::zql_unsupported(&format!("The function `{other}`"))),
            };
            if select.verb != Verb::Query && function != Function::Distinct || select.verb == Verb::Sum {
                return Err(self
                    .tokens
                    .error(&format!("the function `{name}` is only for `query` statements.")));
            }
            select.function = Some(function);
            select.resource = self.tokens.name("the name of a resource")?;
        }
        if self.tokens.take_sign(".")? {
            select.fields = self.names()?;
        }
        if is_function {
            self.tokens.expect_sign(")")?;
        }
        Ok(())
    }

    /// Parses names of fields with commas between them.
    fn names(&mut self) -> Verdict<Vec<&'t str>> {
        let mut names = vec![self.tokens.name("the name of a field")?];
        while self.tokens.take_sign(",")? {
            names.push(self.tokens.name("the name of a field")?);
            self.check_number_of_fields(names.len())?;
        }
        if *self.tokens.peek() == Token::Sign(".") {
            return Err(self.tokens.error("fields of related resources can only be used in conditions."));
        }
        Ok(names)
    }

    fn check_number_of_fields(&self, number: usize) -> Verdict<()> {
        if number <= MAX_FIELDS {
            return Ok(());
        }
        Err(self.tokens.error(&format!("too many fields; the maximum is {MAX_FIELDS}.")))
    }

    /// Parses a path of names with dots between them.
    pub(super) fn path(&mut self, what: &str) -> Verdict<String> {
        let mut path = self.tokens.name(what)?.to_owned();
        while self.tokens.take_sign(".")? {
            path.push('.');
            path.push_str(self.tokens.name("the name of a field")?);
        }
        Ok(path)
    }

    /// Parses clauses in any order, each at most once.
    fn clauses(&mut self, select: &mut Select<'t>) -> Verdict<()> {
        let mut seen = [false; CLAUSES.len()];
        while let Token::Word(word) = *self.tokens.peek() {
            let found = CLAUSES.iter().position(|(first, ..)| *first == word);
            let Some(index) = found else { return Err(self.tokens.mismatch("a clause, `;` or the end")) };
            let (first, second, verbs) = CLAUSES[index];
            if !verbs.contains(&select.verb) {
                return Err(self.tokens.error(&format!("a statement of this kind has no clause `{first}`.")));
            }
            if std::mem::replace(&mut seen[index], true) {
                return Err(self.tokens.error(&format!("a second clause `{first}`.")));
            }
            self.tokens.take()?;
            if !second.is_empty() {
                self.tokens.expect_word(second)?;
            }
            match first {
                "where" => select.condition = Some(self.conditions()?),
                "restrict" => select.restrictions = self.restrictions()?,
                "return" => {
                    self.return_with()?;
                    select.with_total = true;
                }
                "group" => select.groups = self.names()?,
                "order" => select.order = self.order()?,
                "limit" => select.limit = Some(self.number()?),
                "offset" => select.start = self.number()?,
                "named" => select.name = Some(self.text()?),
                _ => {
                    let filter = self.tokens.name("the name of a filter")?;
                    return Err(errors::zql_unsupported(&format!("`filter by {filter}`")));
                }
            }
        }
        Ok(())
    }

    /// Parses the conditions of `restrict by`.
    fn restrictions(&mut self) -> Verdict<Vec<Comparison>> {
        self.tokens.expect_sign("(")?;
        let mut restrictions = Vec::new();
        loop {
            let restriction = self.comparison()?;
            if restriction.path.matches('.').count() != 1 {
                let problem = format!(
                    "`restrict by` compares a field of a resource, such as `zone.uuid`; found `{}`.",
                    restriction.path
                );
                return Err(self.tokens.error(&problem));
            }
            restrictions.push(restriction);
            if !self.tokens.take_sign(",")? {
                self.tokens.expect_sign(")")?;
                return Ok(restrictions);
            }
        }
    }

    /// Parses the values of `return with`, of which the node has only `total`.
    fn return_with(&mut self) -> Verdict<()> {
        self.tokens.expect_sign("(")?;
        loop {
            let name = self.tokens.name("the name of a value, such as `total`")?;
            if name != "total" || matches!(self.tokens.peek(), Token::Sign("{" | ".")) {
                return Err(errors::zql_unsupported(&format!("`return with ({name})`")));
            }
            if !self.tokens.take_sign(",")? {
                return self.tokens.expect_sign(")");
            }
        }
    }

    fn order(&mut self) -> Verdict<Vec<Order<'t>>> {
        let mut order = Vec::new();
        loop {
            let is_expression = *self.tokens.peek() == Token::Sign("(");
            let field = if is_expression { "" } else { self.tokens.name("the name of a field")? };
            if is_expression || *self.tokens.peek() == Token::Sign("(") {
                return Err(errors::zql_unsupported("An expression in `order by`"));
            }
            if *self.tokens.peek() == Token::Sign(".") {
                return Err(self.tokens.error("`order by` takes the fields of the resource itself."));
            }
            let is_descending = self.tokens.take_word("desc")?;
            if !is_descending {
                self.tokens.take_word("asc")?;
            }
            order.push(Order { field, is_descending });
            self.check_number_of_fields(order.len())?;
            if !self.tokens.take_sign(",")? {
                return Ok(order);
            }
        }
    }

    fn number(&mut self) -> Verdict<i64> {
        if let Token::Number(number) = *self.tokens.peek()
            && let Ok(parsed) = number.parse::<i64>()
            && parsed >= 0
        {
            self.tokens.take()?;
            return Ok(parsed);
        }
        Err(self.tokens.mismatch("an integer that is at least 0"))
    }

    fn text(&mut self) -> Verdict<String> {
        if !matches!(self.tokens.peek(), Token::Text(_)) {
            return Err(self.tokens.mismatch("a text in quotation marks"));
        }
        let token = self.tokens.take()?;
        Ok(if let Token::Text(text) = token { text } else { String::new() })
    }

    /// Parses a search after its first word.
    fn search(&mut self) -> Verdict<Search<'t>> {
        let mut search = Search {
            text: self.text()?,
            resources: Vec::new(),
            restrictions: Vec::new(),
            limit: None,
            start: 0,
        };
        if self.tokens.take_word("from")? {
            search.resources.push(self.tokens.name("the name of a resource")?);
            while self.tokens.take_sign(",")? {
                search.resources.push(self.tokens.name("the name of a resource")?);
                self.check_number_of_fields(search.resources.len())?;
            }
        }
        if self.tokens.take_word("restrict")? {
            self.tokens.expect_word("by")?;
            search.restrictions = self.restrictions()?;
        }
        if self.tokens.take_word("limit")? {
            search.limit = Some(self.number()?);
        }
        if self.tokens.take_word("offset")? {
            search.start = self.number()?;
        }
        Ok(search)
    }
}

#[cfg(test)]
mod tests;
