//! The public API over HTTP: every operation of the contract at its address.

mod acts;
mod answers;
mod ballot;
mod calls;
mod comments;
mod consultations;
mod health;
mod identity;
mod live;
mod mailbox;
mod moderation;
mod oidc;
mod processes;
mod proposals;
mod record;
mod reply;
mod seal;
mod session;
mod statistics;

pub use health::health;
pub use mailbox::mailbox;
pub use reply::{PRIVATE_CACHE, PUBLIC_CACHE, cacheable};
pub use seal::{crosses, refuse, seal};
pub use statistics::PICTURE_QUERY;

use crate::App;
use crate::domain::Refusal;
use crate::extract::Call;
use crate::limits::{Limits, limit};
use crate::metrics::measure;
use crate::problem::Refused;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use cabildo_contract::endpoint::{Endpoint, Method};
use cabildo_contract::problem::ProblemKind;
use reply::Reply;
use std::sync::Arc;
use tower_http::compression::CompressionLayer;

/// Where the OpenAPI document is.
pub const OPENAPI_PATH: &str = "/api/v1/openapi.json";

/// The API's router: also what server-rendered pages read through, so that there is no private door.
pub fn api(app: Arc<App>, limits: Arc<Limits>) -> Router {
    use cabildo_contract::{
        answer::{AnswerComment, GetDesk, ListContributions},
        ballot::{CastBallot, GetBallot, WithdrawBallot},
        call::{
            EditSubmission, GetCall, GetSubmission, ListCalls, ListSubmissions, Submit, WithdrawSubmission,
        },
        comment::{
            DeleteComment, EditComment, ListComments, PostComment, PostReply, ReportComment, WatchComments,
        },
        consultation::{GetConsultation, GetOption},
        embed::{AnnounceAct, GetAct},
        id::{OptionId, ProposalId},
        identity::{
            ConfirmCode, EndOtherSession, GetConsent, GetPerson, Leave, RequestCode, SIGN_IN_PATTERN,
            SIGNED_IN_PATH,
        },
        moderation::{DecideComment, ListCases, ListOwnComments},
        process::{GetProcess, ListProcesses, RemoveSimulation},
        proposal::{GetProposal, GetVersions, ListProposals},
        record::{CALENDAR_PATTERN, GetRecord},
        session::{EndSession, GetSession, OpenSession, SetTerritory},
        statistics::{EXPORT_PATTERN, GetStatistics, PICTURE_PATTERN, WatchProcess},
        tally::{GetResults, WatchResults},
    };
    let router = Router::new();
    let router = mount::<ListProcesses, _, _>(router, processes::list);
    let router = mount::<GetProcess, _, _>(router, processes::get);
    let router = mount::<RemoveSimulation, _, _>(router, processes::remove_simulation);
    let router = mount::<GetRecord, _, _>(router, record::get);
    let router = mount::<GetStatistics, _, _>(router, statistics::get);
    let router = mount::<ListProposals, _, _>(router, proposals::list);
    let router = mount::<GetProposal, _, _>(router, proposals::get);
    let router = mount::<GetVersions, _, _>(router, proposals::versions);
    let router = mount::<ListComments<ProposalId>, _, _>(router, comments::list);
    let router = mount::<PostComment<ProposalId>, _, _>(router, comments::post);
    let router = mount::<ListComments<OptionId>, _, _>(router, comments::list);
    let router = mount::<PostComment<OptionId>, _, _>(router, comments::post);
    let router = mount::<PostReply, _, _>(router, comments::reply);
    let router = mount::<EditComment, _, _>(router, comments::edit);
    let router = mount::<DeleteComment, _, _>(router, comments::delete);
    let router = mount::<ReportComment, _, _>(router, comments::report);
    let router = mount::<ListContributions, _, _>(router, answers::list);
    let router = mount::<GetDesk, _, _>(router, answers::desk);
    let router = mount::<AnswerComment, _, _>(router, answers::put);
    let router = mount::<ListCases, _, _>(router, moderation::list);
    let router = mount::<DecideComment, _, _>(router, moderation::decide);
    let router = mount::<ListOwnComments, _, _>(router, moderation::own);
    let router = mount::<GetOption, _, _>(router, consultations::option);
    // One address for two things: a router cannot tell an ending of a parameter apart.
    let router = router.route(GetConsultation::PATTERN, on(MethodFilter::GET, consultations::get_or_export));
    let router = mount::<GetResults, _, _>(router, consultations::results);
    let router = mount::<GetBallot, _, _>(router, ballot::get);
    let router = mount::<CastBallot, _, _>(router, ballot::cast);
    let router = mount::<WithdrawBallot, _, _>(router, ballot::withdraw);
    let router = mount::<ListCalls, _, _>(router, calls::list);
    let router = mount::<GetCall, _, _>(router, calls::get);
    let router = mount::<ListSubmissions, _, _>(router, calls::submissions);
    let router = mount::<Submit, _, _>(router, calls::submit);
    let router = mount::<GetSubmission, _, _>(router, calls::submission);
    let router = mount::<EditSubmission, _, _>(router, calls::edit);
    let router = mount::<WithdrawSubmission, _, _>(router, calls::withdraw);
    let router = mount::<GetAct, _, _>(router, acts::get);
    let router = mount::<AnnounceAct, _, _>(router, acts::announce);
    let router = mount::<GetSession, _, _>(router, session::get);
    let router = mount::<OpenSession, _, _>(router, session::open);
    let router = mount::<EndSession, _, _>(router, session::end);
    let router = mount::<SetTerritory, _, _>(router, session::set_territory);
    let router = mount::<RequestCode, _, _>(router, identity::request_code);
    let router = mount::<ConfirmCode, _, _>(router, identity::confirm_code);
    let router = mount::<GetConsent, _, _>(router, identity::consent);
    let router = mount::<GetPerson, _, _>(router, identity::get);
    let router = mount::<Leave, _, _>(router, identity::leave);
    let router = mount::<EndOtherSession, _, _>(router, identity::end_other);
    let router = live::mount::<WatchProcess>(router, live::process);
    let router = live::mount::<WatchResults>(router, live::consultation);
    let router = live::mount::<WatchComments<ProposalId>>(router, live::discussion::<ProposalId>);
    let router = live::mount::<WatchComments<OptionId>>(router, live::discussion::<OptionId>);
    router
        .route(EXPORT_PATTERN, on(MethodFilter::GET, statistics::export))
        .route(PICTURE_PATTERN, on(MethodFilter::GET, statistics::picture))
        .route(CALENDAR_PATTERN, on(MethodFilter::GET, record::calendar))
        .route(SIGN_IN_PATTERN, on(MethodFilter::GET, oidc::begin))
        .route(SIGNED_IN_PATH, on(MethodFilter::GET, oidc::finish))
        .route(OPENAPI_PATH, on(MethodFilter::GET, openapi))
        .fallback(|| async { Refused::from(ProblemKind::NotFound) })
        .method_not_allowed_fallback(|| async { Refused::from(ProblemKind::MethodNotAllowed) })
        .layer(axum::middleware::from_fn_with_state((Arc::clone(&app), limits), limit))
        .layer(axum::middleware::from_fn(seal::same_site))
        .layer(CompressionLayer::new())
        .layer(axum::middleware::map_response(reply::tag_encoding))
        .layer(axum::middleware::from_fn(seal))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&app), measure))
        .with_state(app)
}

fn filter(method: Method) -> MethodFilter {
    match method {
        Method::Get => MethodFilter::GET,
        Method::Post => MethodFilter::POST,
        Method::Put => MethodFilter::PUT,
        Method::Delete => MethodFilter::DELETE,
    }
}

/// Mounts an operation at its address. What the handler takes and gives is what the contract says, or it does
/// not compile.
fn mount<E, H, F>(router: Router<Arc<App>>, handler: H) -> Router<Arc<App>>
where
    E: Endpoint<Body: Send + 'static, Output: Send> + 'static,
    H: Fn(Call<E>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<Reply<E>, Refusal>> + Send,
{
    let respond = move |State(app): State<Arc<App>>, request: Request| async move {
        let headers = request.headers().clone();
        let answered = async { Ok::<_, Refused>(handler(Call::<E>::read(app, request).await?).await?) };
        match answered.await {
            Ok(reply) => reply.respond(&headers),
            Err(refused) => refused.into_response(),
        }
    };
    router.route(E::PATTERN, on(filter(E::METHOD), respond))
}

async fn openapi(headers: HeaderMap) -> Response {
    let document = crate::openapi::text();
    cacheable(&headers, &[(header::CONTENT_TYPE, "application/json")], document.into_bytes())
}
