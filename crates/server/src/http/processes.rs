//! Processes.

use super::reply::Reply;
use crate::cursor;
use crate::domain::Refusal;
use crate::extract::Call;
use crate::figures;
use cabildo_contract::page::Page;
use cabildo_contract::problem::{FieldProblem, FieldProblemKind};
use cabildo_contract::process::{GetProcess, ListProcesses, Process, RemoveSimulation};

/// The processes, newest first.
pub async fn list(call: Call<ListProcesses>) -> Result<Reply<ListProcesses>, Refusal> {
    let limit = call.limit()? as usize;
    let all = call.catalogue().processes();
    let after = match cursor::read::<(String,)>(call.parameter("cursor"))? {
        None => 0,
        Some((id,)) => {
            all.iter().position(|entry| entry.process.id.as_str() == id).map(|at| at + 1).ok_or_else(
                || Refusal::InvalidParameter(FieldProblem::new("?cursor", FieldProblemKind::WrongType)),
            )?
        }
    };
    let page: Vec<_> = all.iter().skip(after).take(limit).collect();
    let last = page.last().filter(|_| after + limit < all.len());
    let next = last.map(|entry| cursor::write(&(entry.process.id.as_str(),)));
    Ok(Reply::public(Page::new(page.iter().map(|entry| entry.summary()).collect(), next)))
}

/// One process.
pub async fn get(call: Call<GetProcess>) -> Result<Reply<GetProcess>, Refusal> {
    let entry = call.catalogue().process(&call.id).ok_or(Refusal::NotFound)?;
    let calls = call.app.live.read(|board| figures::calls(entry, board));
    Ok(Reply::public(Process { calls, ..entry.process.clone() }))
}

/// Removes simulated participation.
pub async fn remove_simulation(call: Call<RemoveSimulation>) -> Result<Reply<RemoveSimulation>, Refusal> {
    if !call.app.simulation {
        return Err(Refusal::SimulationDisabled);
    }
    let entry = call.app.catalogue.process(&call.id).ok_or(Refusal::NotFound)?;
    let now = call.app.clock.now();
    Ok(Reply::private(call.app.storage.remove_simulation(&entry.process.id, now).await?))
}
