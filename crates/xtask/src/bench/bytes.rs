//! Bytes of a first visit, as the running server sends them: the page with its readable content and everything
//! that the page names.

use super::client::Client;
use super::{data_directory, free_address};
use crate::server::{self, PROCESS, Server};
use crate::shell;
use crate::surface;
use anyhow::{Result, bail};

/// Measures and prints the table; says whether every budget is kept.
///
/// # Errors
/// When a page or an asset does not arrive, or an asset arrives without brotli.
pub fn measure() -> Result<bool> {
    let data = data_directory("bytes")?;
    server::import(&data)?;
    let address = free_address()?;
    let _server = Server::start(address, &data, &[])?;
    let client = Client::new(address);
    let list = format!("/processes/{PROCESS}/proposals");
    println!("\nFirst visit, bytes over the wire (brotli; 1 KB = 1,000 bytes; images left out)\n");
    println!("{:<52}{:>8}{:>8}{:>9}{:>9}", "", "page", "assets", "together", "limit");
    let mut kept = true;
    for surface in surface::ALL {
        let address = match surface.name {
            "app" => list.clone(),
            "screen" => format!("/screen/{PROCESS}"),
            "setup" => format!("/screen/{PROCESS}/setup"),
            name => format!("/{name}/"),
        };
        let (page, assets) = visit(&client, &address)?;
        let good = page + assets <= surface.budget;
        println!(
            "{:<7}{address:<45}{page:>8}{assets:>8}{:>9}{:>9}  {}",
            surface.name,
            page + assets,
            surface.budget,
            if good { "kept" } else { "EXCEEDED" }
        );
        kept &= good;
    }
    println!();
    Ok(kept)
}

/// Bytes of a page, and of the assets that it names.
fn visit(client: &Client, address: &str) -> Result<(u64, u64)> {
    let (sent, encoded) = client.fetch(address)?;
    let mut page = Vec::new();
    if encoded {
        std::io::copy(&mut brotli::Decompressor::new(sent.as_slice(), 4096), &mut page)?;
    } else {
        page.clone_from(&sent);
    }
    let mut assets = 0;
    for asset in shell::addresses(&String::from_utf8(page)?) {
        if !asset.starts_with("/assets/") || asset.ends_with(".svg") {
            continue;
        }
        let (sent, encoded) = client.fetch(&asset)?;
        if !encoded {
            bail!("{asset} was sent without brotli");
        }
        assets += sent.len() as u64;
    }
    Ok((sent.len() as u64, assets))
}
