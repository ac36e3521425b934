//! What is looked at, compiled without the server round it: seconds instead of ten minutes.

#[path = "../../src"]
#[allow(dead_code, missing_docs, reason = "the parts that read and count are looked at, not those that write")]
mod server {
    pub mod pabulib;
}

pub use server::pabulib;
