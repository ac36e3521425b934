//! Telling a widget that somebody acted in the window that it opened.

use super::reply::Reply;
use crate::domain::Refusal;
use crate::extract::Call;
use cabildo_contract::embed::{Act, AnnounceAct, GetAct, is_act};

/// Says whether somebody did.
pub async fn get(call: Call<GetAct>) -> Result<Reply<GetAct>, Refusal> {
    if !is_act(&call.id) {
        return Err(Refusal::NotFound);
    }
    Ok(Reply::private(Act { received: call.app.is_act_announced(&call.id).await }))
}

/// Hears that somebody did.
pub async fn announce(call: Call<AnnounceAct>) -> Result<Reply<AnnounceAct>, Refusal> {
    if !is_act(&call.id) {
        return Err(Refusal::NotFound);
    }
    call.person().await?;
    call.app.announce_act(&call.id).await;
    Ok(Reply::private(Act { received: true }))
}
