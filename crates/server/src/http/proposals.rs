//! Proposals.

use super::reply::Reply;
use crate::cursor;
use crate::domain::Refusal;
use crate::extract::Call;
use crate::storage::ProposalQuery;
use cabildo_contract::endpoint::Endpoint;
use cabildo_contract::id::ProposalId;
use cabildo_contract::page::Page;
use cabildo_contract::problem::{FieldProblem, FieldProblemKind};
use cabildo_contract::proposal::{
    Filter, GetProposal, GetVersions, ListProposals, Proposal, ProposalPage, ProposalSummary, Sort,
    UnnamedProposals, Versions,
};
use cabildo_contract::text::{QUERY_MAX, fold};

/// A page of a process's proposals.
pub async fn list(call: Call<ListProposals>) -> Result<Reply<ListProposals>, Refusal> {
    let entry = call.catalogue().process(&call.id).ok_or(Refusal::NotFound)?;
    let filter = Filter::from_pairs(&call.query).map_err(|name| {
        let pointer = format!("?{name}");
        Refusal::InvalidParameter(match name {
            "q" => FieldProblem::bound(pointer, FieldProblemKind::TooLong, QUERY_MAX as u32),
            _ => FieldProblem::new(pointer, FieldProblemKind::WrongType),
        })
    })?;
    let groups = entry.unnamed.iter().filter(|group| filter.admits_unnamed(group));
    let unnamed: Vec<UnnamedProposals> = groups.cloned().collect();
    let query = ProposalQuery {
        process: entry.process.id.clone(),
        filter,
        cursor: call.parameter("cursor").to_owned(),
        limit: call.limit()?,
    };
    let written = call.app.catalogue.process(&call.id).map(|entry| &entry.process.name.language);
    let is_translated = written != Some(&entry.process.name.language);
    let (page, named) = if is_translated && query.filter.sort == Sort::Title {
        by_translated_title(&call, query).await?
    } else {
        let (page, named) = call.app.storage.list_proposals(query).await?;
        (Page::new(in_words(&call, page.items), page.next), named)
    };
    let total = named + unnamed.iter().map(|group| group.count).sum::<u32>();
    Ok(Reply::public(ProposalPage { items: page.items, next: page.next, total, unnamed }))
}

/// A page by titles that the storage does not know, and how many match on all pages. What was translated was translated
/// by people: it can be read whole.
async fn by_translated_title(
    call: &Call<ListProposals>,
    query: ProposalQuery,
) -> Result<(Page<ProposalSummary>, u32), Refusal> {
    let place = |head: &ProposalSummary| (fold(&head.title), head.number);
    let after = cursor::read::<(String, u32)>(&query.cursor)?;
    let filter = Filter { sort: Sort::Number, ..query.filter };
    // One more is read than is asked for, to know whether there are more.
    let all = ProposalQuery { filter, cursor: String::new(), limit: u32::MAX - 1, ..query };
    let (all, named) = call.app.storage.list_proposals(all).await?;
    let mut items = in_words(call, all.items);
    items.sort_by_cached_key(place);
    items.retain(|head| after.as_ref().is_none_or(|after| place(head) > *after));
    let more = items.len() > query.limit as usize;
    items.truncate(query.limit as usize);
    let next = items.last().filter(|_| more).map(|last| cursor::write(&place(last)));
    Ok((Page::new(items, next), named))
}

/// The same in the language that is asked for, as far as they are translated.
fn in_words(call: &Call<ListProposals>, heads: Vec<ProposalSummary>) -> Vec<ProposalSummary> {
    let spoken = |head: ProposalSummary| match spoken(call, &head.id) {
        Some(proposal) => counted(proposal, &head),
        None => head,
    };
    heads.into_iter().map(spoken).collect()
}

/// The proposal of this id in the language that is asked for; none where it is not translated.
fn spoken<'a, E: Endpoint>(call: &'a Call<E>, id: &ProposalId) -> Option<&'a Proposal> {
    call.app.catalogue.spoken(call.language)?.proposal(id)
}

/// The head of a translated proposal, with what the storage counted.
fn counted(proposal: &Proposal, kept: &ProposalSummary) -> ProposalSummary {
    ProposalSummary { comments: kept.comments, ..proposal.head.clone() }
}

async fn find<E: Endpoint<Body: 'static>>(call: &Call<E>) -> Result<Proposal, Refusal> {
    let id = ProposalId::parse(call.id.as_str()).map_err(|_| Refusal::NotFound)?;
    let found = call.app.storage.find_proposal(&id).await?.ok_or(Refusal::NotFound)?;
    Ok(match spoken(call, &id) {
        Some(proposal) => Proposal { head: counted(proposal, &found.head), ..proposal.clone() },
        None => found,
    })
}

/// One proposal.
pub async fn get(call: Call<GetProposal>) -> Result<Reply<GetProposal>, Refusal> {
    Ok(Reply::public(find(&call).await?))
}

/// Its titles over time.
pub async fn versions(call: Call<GetVersions>) -> Result<Reply<GetVersions>, Refusal> {
    Ok(Reply::public(Versions { items: find(&call).await?.versions, next: None }))
}
