//! ZQL, the query language of the platform: runs statements.

mod groups;

use std::collections::HashMap;
use std::time::Instant;

use serde_json::{Map, Value, json};
use zstack_dynamic::Dynamic;
use zstack_runtime::encode;

use crate::catalog::Effect;
use crate::cloud::plan::Plan;
use crate::model::{AccountKind, Document, Uuid};
use crate::query::Cell;
use crate::query::zql::{self, Planner, Search, Select, Statement, Target, Total};
use crate::rules::{Verdict, errors};
use crate::service::Failure;
use crate::service::written::storages::answer;
use crate::service::written::{Context, Done};
use crate::store::{READ_LIMIT, Store, StoreError};

/// Runs statements, which semicolons separate.
pub(super) async fn run<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let started = Instant::now();
    let statements = zql::parse(context.text("zql").unwrap_or_default())?;
    let mut access =
        Access { context, user: context.user().await?, plans: HashMap::new(), targets: HashMap::new() };
    for statement in &statements {
        for name in statement.resources() {
            access.find(name, true).await?;
        }
        for name in statement.restricting() {
            access.find(name, false).await?;
        }
    }
    let mut results = Vec::with_capacity(statements.len());
    for statement in &statements {
        if started.elapsed() > READ_LIMIT {
            return Err(StoreError::TooSlow.into());
        }
        results.push(match statement {
            Statement::Select(select) => access.select(select).await?,
            Statement::Search(search) => access.search(search).await?,
        });
    }
    Ok(answer(json!({"results": results})))
}

/// The resources that the caller may query.
struct Access<'c, 'a, S> {
    context: &'c Context<'a, S>,
    /// The user of the caller, whose policies allow operations.
    user: Option<Uuid>,
    /// The query operations of resources by the names in statements.
    plans: HashMap<String, &'a Plan>,
    targets: HashMap<String, Target>,
}

impl<S: Store> Access<'_, '_, S> {
    /// Finds a resource by its name in a statement, and checks that the caller may query it if its rows are
    /// read.
    async fn find(&mut self, name: &str, is_read: bool) -> Result<(), Failure> {
        if self.plans.contains_key(name) {
            return Ok(());
        }
        let plans = self.context.plans;
        let version = self.context.call.version();
        let found = plans.find_queried(name).filter(|(plan, _)| plan.operation.is_in(version));
        let target = found.and_then(|(plan, resource)| {
            let shape = plans.shape(&resource.inventory);
            Some((plan, Target { resource: plans.registry.get(&resource.name)?, shape }))
        });
        let Some((plan, target)) = target else { return Err(plans.unknown_queried(name).into()) };
        if is_read {
            self.check(plan).await??;
            self.plans.insert(name.to_owned(), plan);
        }
        self.targets.insert(name.to_owned(), target);
        Ok(())
    }

    /// Checks that the caller may call a query operation.
    async fn check(&self, plan: &Plan) -> Result<Verdict<()>, Failure> {
        let context = self.context;
        if context.caller.kind == AccountKind::Normal && !plan.action.is_normal {
            return Ok(Err(errors::admin_only(plan.operation.name)));
        }
        match &self.user {
            Some(user) => Ok(context.node.check_user(user, plan.operation).await?),
            None => Ok(Ok(())),
        }
    }

    fn planner(&self) -> Planner<'_> {
        let Context { node, caller, .. } = self.context;
        Planner { zone: &node.zone, caller, targets: &self.targets }
    }

    /// Runs a statement about the rows of a resource.
    async fn select(&self, select: &Select<'_>) -> Result<Map<String, Value>, Failure> {
        let store = &self.context.node.store;
        let mut result = Map::new();
        let zql::Plan { rows, groups, total } = self.planner().plan(select)?;
        if let Some((selection, fields)) = rows {
            let rows = store.select_documents(selection).await?.rows.unwrap_or_default();
            let plan = self.plans.get(select.resource());
            let plan = plan.ok_or_else(|| errors::internal("A resource of a statement has no operation."))?;
            result.insert("inventories".to_owned(), self.inventories(plan, rows, &fields).await?);
        }
        if let Some(groups) = groups {
            let rows = store.select_groups(groups.grouping.clone()).await?;
            result.extend(groups::describe(self.context, &groups, rows));
        }
        let total = match total {
            None => None,
            Some(Total::Rows(selection)) => store.select_documents(selection).await?.total,
            Some(Total::Values(grouping)) => {
                match store.select_groups(grouping).await?.first().and_then(|row| row.first()) {
                    Some(Cell::Number(number)) => Some(*number),
                    _ => Some(0),
                }
            }
        };
        result.extend(total.map(|total| ("total".to_owned(), total.into())));
        result.extend(select.name.clone().map(|name| ("name".to_owned(), name.into())));
        Ok(result)
    }

    /// Converts documents to inventories as the response to a query operation has them.
    async fn inventories(
        &self,
        plan: &Plan,
        rows: Vec<Document>,
        fields: &[String],
    ) -> Result<Value, Failure> {
        let context = self.context;
        let mut response = Dynamic::new(plan.operation.response);
        response.set_records("inventories", context.node.records_of(context.plans, rows, &[]).await?);
        let mut json = Vec::new();
        match fields {
            [] => encode::record(&response, context.call.version(), &mut json),
            _ => encode::projection(&response, fields, context.call.version(), &mut json),
        }
        let mut response: Map<String, Value> =
            serde_json::from_slice(&json).map_err(|error| errors::internal(error.to_string()))?;
        Ok(response.remove("inventories").unwrap_or_else(|| json!([])))
    }

    /// Searches the names, descriptions and UUIDs of resources.
    async fn search(&self, search: &Search<'_>) -> Result<Map<String, Value>, Failure> {
        let node = self.context.node;
        let mut targets = Vec::new();
        if search.resources.is_empty() {
            let plans = self.context.plans;
            for operation in
                plans.operations.iter().filter(|operation| operation.is_in(self.context.call.version()))
            {
                let plan = plans.get(operation.name).filter(|plan| plan.action.effect == Effect::Query);
                // The rows of a resource have those of its subtypes.
                let Some(plan) = plan.filter(|plan| plan.resource.base.is_none()) else { continue };
                let Some(resource) = plans.registry.get(&plan.resource.name) else { continue };
                if self.check(plan).await?.is_ok() {
                    targets.push(Target { resource, shape: plans.shape(&plan.resource.inventory) });
                }
            }
        } else {
            targets.extend(search.resources.iter().filter_map(|name| self.targets.get(*name)));
        }
        let limit = search.limit.unwrap_or(i64::MAX);
        let (mut found, mut total) = (Vec::new(), 0);
        for target in targets {
            let Some(mut selection) = self.planner().search(search, target)? else { continue };
            (selection.limit, selection.count) = (Some(search.start.saturating_add(limit)), true);
            let page = node.store.select_documents(selection).await?;
            found.extend(page.rows.unwrap_or_default());
            total += page.total.unwrap_or_default();
        }
        let rows = found.into_iter().skip(usize::try_from(search.start).unwrap_or(usize::MAX));
        let rows = rows.take(usize::try_from(limit).unwrap_or(usize::MAX));
        let inventories = rows.map(|row| {
            json!({"uuid": row.uuid, "resourceName": row.text("name"), "resourceType": format!("{}VO", row.kind)})
        });
        let inventories: Vec<_> = inventories.collect();
        Ok([("inventories".to_owned(), inventories.into()), ("total".to_owned(), total.into())]
            .into_iter()
            .collect())
    }
}
