//! Operations on documents: loads what the plan of an operation names, applies its effect, commits,
//! and responds.

use std::collections::HashMap;

use serde_json::{Map, Value};
use zstack_dynamic::Dynamic;
use zstack_runtime::record::{Kind, Shape};
use zstack_runtime::{Auth, Method};
use zstack_server::{Call, Outcome};

use super::written::{self, Answer, Context, Done};
use super::{Failure, Node, retry_on_conflict};
use crate::catalog::{Effect, RelatedStates};
use crate::cloud::plan::{Plan, Plans};
use crate::cloud::quotas;
use crate::cloud::{self, Cascade, NewDocument, Parameters, texts};
use crate::model::{AccountKind, Caller, Changes, Document, DocumentEdit, Edit, Holder, OWNER, Uuid};
use crate::rules::{errors, tags};
use crate::store::{Store, StoreError};
use crate::uuids;

/// An operation that is being performed.
pub(super) struct Performance<'a> {
    pub(super) plans: &'a Plans,
    pub(super) plan: &'a Plan,
    pub(super) call: &'a Call,
    pub(super) parameters: &'a Parameters,
}

impl Performance<'_> {
    /// The UUIDs in parameters that refer to documents.
    pub(super) fn referenced_uuids(&self) -> Vec<Uuid> {
        let references = self.plan.references.iter();
        let uuids = references.flat_map(|reference| texts(self.parameters.get(&reference.parameter)));
        uuids.map(str::to_owned).collect()
    }

    /// Explains why the changes could not be stored.
    pub(super) fn explain(&self, failure: Failure) -> Failure {
        let requested = self.parameters.get("resourceUuid").and_then(Value::as_str);
        match failure {
            // Another call has just used the same address, or cached the same image.
            Failure::Store(StoreError::Exists { uuid, .. }) if requested != Some(&uuid) => {
                Failure::Store(StoreError::Conflict)
            }
            failure => failure,
        }
    }
}

impl<S: Store> Node<S> {
    /// Performs an operation by its plan.
    pub(crate) async fn perform(
        &self,
        plans: &Plans,
        plan: &Plan,
        call: &Call,
        request: Dynamic,
    ) -> Outcome<Dynamic> {
        let parameters: Parameters = request.into_fields();
        let key = plan.lock.as_ref().and_then(|key| parameters.get(key)?.as_str());
        let key = match key {
            Some(uuid) => Some(uuid.to_owned()),
            None if plan.depends_on_others() => {
                Some(format!("create/{}", plans.base_of(&plan.resource.name)))
            }
            None => None,
        };
        let is_read = plan.action.effect.is_read() || plan.operation.method == Method::Get;
        let guard = match key.filter(|_| !is_read) {
            Some(key) => Some(self.locks.lock(&key).await),
            None => None,
        };
        let performance = Performance { plans, plan, call, parameters: &parameters };
        let outcome = match self.pace_of(&performance) {
            Some((timing, time)) if !is_read => {
                let (turn, _guard) = if plan.lock.is_none() { (guard, None) } else { (None, guard) };
                Box::pin(self.perform_in(time, timing, &performance, turn)).await
            }
            _ => retry_on_conflict(|| self.attempt(&performance)).await,
        };
        if outcome.is_ok() {
            self.notify_of_work(plan);
        }
        outcome
    }

    /// Performs an operation that ends at once.
    pub(super) async fn attempt(&self, performance: &Performance<'_>) -> Result<Dynamic, Failure> {
        let Performance { plans, plan, call, parameters } = performance;
        if plan.action.effect == Effect::Query {
            return self.query_documents(plans, plan, call, parameters).await;
        }
        let done = self.decide(performance).await?;
        if call.is_dry_run() {
            return Ok(Dynamic::new(plan.operation.response));
        }
        self.finish(performance, done).await
    }

    /// Stores the changes of an operation, and responds.
    pub(super) async fn finish(&self, performance: &Performance<'_>, done: Done) -> Result<Dynamic, Failure> {
        let Performance { plans, plan, call, .. } = performance;
        let answer = self.answer(plans, plan, done.answer, &done.edits).await?;
        let edits = done.edits.into_iter().map(Edit::from);
        let edits = edits.chain(done.records).collect();
        let result = self.commit(call, Changes { guards: done.guards, edits }, answer).await;
        result.map_err(|failure| performance.explain(failure))
    }

    /// Checks an operation, and decides what it does.
    pub(super) async fn decide(&self, performance: &Performance<'_>) -> Result<Done, Failure> {
        let Performance { plans, plan, call, parameters } = *performance;
        written::check_texts(plan, parameters)?;
        let uuids = performance.referenced_uuids();
        let (caller, documents) = tokio::try_join!(self.caller(call), self.store.documents(&uuids))?;
        let documents: HashMap<_, _> =
            documents.into_iter().map(|document| (document.uuid.clone(), document)).collect();
        let referenced = cloud::find_references(plan, parameters, &documents);
        let caller = if plan.operation.auth == Auth::None {
            // Clients without a session may call it, and learn nothing about documents.
            Caller { account_uuid: Uuid::new(), kind: AccountKind::Normal }
        } else {
            cloud::check_existence(&referenced)?;
            let caller = caller?;
            cloud::check_access(plan, &caller, &referenced)?;
            caller
        };
        let now = self.clock.now();
        let context =
            Context { node: self, plans, plan, call, parameters, caller, documents: &documents, now };
        if let Some(document) = plan.action.effect.key().and_then(|key| context.target(key).ok()) {
            cloud::check_fields(plan, &document)?;
        }
        let changed = |(document, edit)| Done::with_document(document, vec![edit]);
        let done = match &plan.action.effect {
            // It has no effect; see `perform`.
            Effect::Query => Done::default(),
            Effect::Get { key } => Done { answer: Answer::Document(context.target(key)?), ..Done::default() },
            Effect::Create { set, .. } => {
                let new = NewDocument { uuid: uuids::random(), caller: &context.caller, now, set };
                let (document, edit) = cloud::create(plans, plan, parameters, &referenced, new)?;
                self.check_unique(plan, None, &document).await?;
                let mut edits = vec![edit];
                edits.extend(context.new_tags(&document));
                Done::with_document(document, edits)
            }
            Effect::Update { key, set, .. } => {
                let before = context.target(key)?;
                let (document, edit) =
                    cloud::update(plans, plan, parameters, before.clone(), set, &documents, now)?;
                self.check_unique(plan, Some(&before), &document).await?;
                changed((document, edit))
            }
            Effect::ChangeState { key, parameter, field, events, related } => {
                let event = parameters.get(parameter).and_then(Value::as_str).unwrap_or_default();
                let (document, edit) = cloud::change_state(
                    plans,
                    plan,
                    context.target(key)?,
                    field,
                    (parameter.as_str(), event),
                    events,
                    now,
                )?;
                let mut edits = vec![edit];
                edits.extend(self.followers(plans, &document.uuid, field, event, related).await?);
                Done::with_document(document, edits)
            }
            Effect::Add { key, field, parameter } => {
                let value = parameters.get(parameter).unwrap_or(&Value::Null);
                changed(cloud::add(plans, plan, context.target(key)?, field, value, now))
            }
            Effect::Remove { key, field, parameter } => {
                let value = parameters.get(parameter).unwrap_or(&Value::Null);
                changed(cloud::remove(plans, plan, context.target(key)?, field, value, now))
            }
            Effect::Delete { key, .. } => match context.target(key) {
                Ok(document) => {
                    Done { edits: self.deletion(plans, plan, document).await?, ..Done::default() }
                }
                // Otherwise the check of its existence has failed.
                Err(_) => Done::default(),
            },
            Effect::Tag { key, name, value, defaults } => {
                let document = context.target(key)?;
                let value = value.as_ref().and_then(|value| cloud::tag_value(value, parameters, defaults));
                if let Some(value) = &value {
                    tags::check_value(name, value)?;
                }
                let edits = context.set_tag(&document, name, value.as_deref()).await?;
                Done { edits, answer: Answer::Document(document), ..Done::default() }
            }
            Effect::GetTag { key, name, field } => {
                let value = context.tag(&context.target(key)?, name).await?;
                Done::with_fields([(field, value.map_or(Value::Null, Value::from))])
            }
            Effect::Answer { fields, .. } => {
                Done { answer: Answer::Fields(fields.clone()), ..Done::default() }
            }
            Effect::Written => written::perform(&context).await?,
        };
        let created = done.edits.iter().filter_map(|edit| match edit {
            DocumentEdit::Create { document, .. } => Some(document),
            _ => None,
        });
        let caller = &context.caller;
        let is_own = |document: &&Document| document.owner() == Some(&caller.account_uuid);
        self.check_quotas(caller, &created.filter(is_own).collect::<Vec<_>>()).await?;
        Ok(done)
    }

    /// Changes the states of the documents that follow an event of the one to which they refer.
    async fn followers(
        &self,
        plans: &Plans,
        target: &str,
        field: &str,
        event: &str,
        related: &[RelatedStates],
    ) -> Result<Vec<DocumentEdit>, Failure> {
        let mut edits = Vec::new();
        let mut leaders = vec![(target.to_owned(), related)];
        while let Some((leader, related)) = leaders.pop() {
            if related.is_empty() {
                continue;
            }
            for Holder { document, link } in self.store.holders(&[leader]).await? {
                let follows = |states: &&RelatedStates| {
                    link.field == states.reference && plans.catalog.is_a(&document.kind, &states.resource)
                };
                let states = related.iter().find(follows);
                let Some(transitions) = states.and_then(|states| states.events.get(event)) else { continue };
                // Others follow it in turn.
                leaders.push((document.uuid.clone(), plans.catalog.related_states(&document.base)));
                edits.extend(cloud::follow_event(plans, document, field, transitions, self.clock.now()));
            }
        }
        Ok(edits)
    }

    /// Checks that a normal account may have what is created for it.
    pub(super) async fn check_quotas(&self, caller: &Caller, created: &[&Document]) -> Result<(), Failure> {
        if caller.kind != AccountKind::Normal || created.is_empty() {
            return Ok(());
        }
        let (quotas, present) = self.quotas_of(&caller.account_uuid).await?;
        Ok(quotas::check(&quotas, &present, created)?)
    }

    /// Loads the quotas of an account, and what it owns.
    pub(super) async fn quotas_of(&self, account: &str) -> Result<(Vec<Document>, Vec<Document>), Failure> {
        let holders = self.store.holders(&[account.to_owned()]).await?;
        let owned = holders.into_iter().filter(|holder| holder.link.field == OWNER);
        Ok(owned.map(|holder| holder.document).partition(|document| document.kind == "Quota"))
    }

    /// Deletes a document, with everything that depends on it.
    pub(super) async fn deletion(
        &self,
        plans: &Plans,
        plan: &Plan,
        document: Document,
    ) -> Result<Vec<DocumentEdit>, Failure> {
        self.deletion_of(plans, plan, vec![document]).await
    }

    /// Deletes documents, with everything that depends on them.
    pub(super) async fn deletion_of(
        &self,
        plans: &Plans,
        plan: &Plan,
        documents: Vec<Document>,
    ) -> Result<Vec<DocumentEdit>, Failure> {
        let mut cascade = Cascade::new(documents);
        while !cascade.targets.is_empty() {
            let holders = self.store.holders(&cascade.targets).await?;
            cascade.add(plans, holders);
        }
        let now = self.clock.now();
        Ok(cloud::cascade(plans, plan.resource, cascade, now)?)
    }

    /// Checks the fields that are unique among the documents of the base, if they are new or changed.
    async fn check_unique(
        &self,
        plan: &Plan,
        before: Option<&Document>,
        document: &Document,
    ) -> Result<(), Failure> {
        let is_changed = |field: &String| {
            before.is_none_or(|before| before.fields.get(field) != document.fields.get(field))
        };
        for fields in plan.resource.unique.iter().filter(|fields| fields.iter().any(is_changed)) {
            let values = fields
                .iter()
                .filter_map(|field| document.fields.get(field).map(|value| (field.clone(), value.clone())));
            let values: Vec<_> = values.collect();
            if values.len() < fields.len() {
                continue;
            }
            let found = self.store.document_with(&document.base, values.clone(), &document.uuid).await?;
            if let Some(found) = found {
                return Err(errors::not_unique(&plan.resource.label, &values, &found.uuid).into());
            }
        }
        Ok(())
    }

    /// Builds the response. The documents that are part of an inventory are those after the edits.
    pub(super) async fn answer(
        &self,
        plans: &Plans,
        plan: &Plan,
        answer: Answer,
        edits: &[DocumentEdit],
    ) -> Result<Dynamic, Failure> {
        let documents = match answer {
            Answer::Empty => Vec::new(),
            Answer::Document(document) => vec![document],
            Answer::Documents(documents) => documents,
            Answer::Fields(fields) => return respond(plan, fields),
        };
        let shape = plan.operation.response;
        let has = |name| shape.index_of(name).is_some();
        // A response with one document mostly has the name `inventory` for it.
        let record = shape.fields.iter().find(|field| matches!(field.kind, Kind::Record(_)));
        let name = match record {
            _ if has("inventory") => "inventory",
            _ if has("inventories") => "inventories",
            Some(field) => field.name,
            // The response says nothing about the documents.
            None => return Ok(Dynamic::new(shape)),
        };
        let mut response = Dynamic::new(shape);
        let field = shape.fields.iter().find(|field| field.name == name);
        let is_inventory = |view: &Shape| {
            let kind = documents.first().map(|document| &*document.kind);
            kind.is_none_or(|kind| plans.catalog.with_bases(kind).any(|of| of.inventory == view.name))
        };
        let records = match field.map(|field| field.kind) {
            // The answer describes the documents in its own words, as the IPMI settings of a host.
            Some(Kind::Record(view)) if !is_inventory(view()) => {
                let mut documents = documents;
                self.set_capacities(&mut documents).await?;
                let records = documents
                    .iter()
                    .map(|document| cloud::to_inventory(document, view(), &self.zone, Vec::new()));
                records.collect::<Result<_, _>>()?
            }
            _ => self.records_of(plans, documents, edits).await?,
        };
        if name == "inventory" && has("inventories") {
            response.set_records("inventories", records.clone());
        }
        response.set_records(name, records);
        Ok(response)
    }
}

/// Builds the record of a response.
fn respond(plan: &Plan, fields: Map<String, Value>) -> Result<Dynamic, Failure> {
    Dynamic::from_fields(plan.operation.response, fields).map_err(|error| {
        tracing::error!(operation = plan.operation.name, error, "the response does not fit its type");
        errors::internal("The response could not be built; the log of the node has the cause.").into()
    })
}
