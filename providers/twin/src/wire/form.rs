//! Forms, as the query protocol sends them.

/// Returns the fields of a form body, decoded; a broken escape stays as it is.
pub(crate) fn read(body: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(body);
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = rest.clone().take(2).collect::<Vec<u8>>();
                let code = std::str::from_utf8(&digits).ok().filter(|d| d.len() == 2);
                match code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                    Some(decoded) => {
                        bytes.push(decoded);
                        rest.nth(1);
                    }
                    None => bytes.push(b'%'),
                }
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_decoded() {
        let fields = read(b"Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam&Note=a+b%2&Empty=");
        assert_eq!(
            fields.first().unwrap(),
            &("Action".to_owned(), "AssumeRole".to_owned())
        );
        assert_eq!(fields.get(1).unwrap().1, "arn:aws:iam");
        assert_eq!(fields.get(2).unwrap().1, "a b%2");
        assert_eq!(fields.get(3).unwrap().1, "");
    }
}
