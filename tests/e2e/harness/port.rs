//! Ports of programs that do not say which they took.

use std::net::{TcpListener, TcpStream};
use std::process::Child;
use std::time::Duration;

/// One that is free now.
pub fn free() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Waits until a program answers at its port; fails if it ends before.
pub fn answers(port: u16, process: &mut Child) {
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert_eq!(process.try_wait().unwrap(), None, "it ended before it answered");
        std::thread::sleep(Duration::from_millis(10));
    }
}
