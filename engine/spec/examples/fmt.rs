//! Formats standard input.
use std::io::Read;
fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    match lz_spec::format_hcl(&text) {
        Ok(t) => print!("{t}"),
        Err(e) => {
            for d in e.diagnostics() {
                eprintln!("{:?} {}", d.place(), d.message());
            }
            std::process::exit(1)
        }
    }
}
