//! What the bench's server answers: made once, the same in every run.

use std::fmt::Write;

use bytes::Bytes;

/// Roughly a megabyte of records, so that a large answer is this one again and again.
const BLOCK: usize = 1_000_000;
/// How many records the small answer has.
const FEW: usize = 20;

const HEAD: &str = "<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n<value><array><data>\n";
const TAIL: &str = "</data></array></value>\n</param>\n</params>\n</methodResponse>\n";

/// The bodies of the answers.
#[derive(Clone, Debug)]
pub(crate) struct Answers {
    /// 20 records as XML-RPC, 17 kB.
    pub(crate) list: Bytes,
    /// The same as JSON.
    pub(crate) json: Bytes,
    /// 150 names of methods as XML-RPC.
    pub(crate) names: Bytes,
    head: Bytes,
    block: Bytes,
    tail: Bytes,
}

impl Answers {
    /// Makes them.
    pub(crate) fn new() -> Answers {
        let few: Vec<Record> = (0..FEW).map(record).collect();
        let list: String = few.iter().map(Record::xml).collect();
        let json: Vec<String> = few.iter().map(Record::json).collect();
        let names: String =
            (0..150).map(|at| format!("<value><string>group{}.method{at}</string></value>\n", at / 10)).collect();
        let mut block = String::with_capacity(BLOCK + 1000);
        for at in 0.. {
            block.push_str(&record(at).xml());
            if block.len() >= BLOCK {
                break;
            }
        }
        Answers {
            list: format!("{HEAD}{list}{TAIL}").into(),
            json: format!("[{}]\n", json.join(", ")).into(),
            names: format!("{HEAD}<value><string>service.list</string></value>\n{names}{TAIL}").into(),
            head: HEAD.into(),
            block: block.into(),
            tail: TAIL.into(),
        }
    }

    /// A list of so many megabytes, in pieces.
    pub(crate) fn large(&self, megabytes: usize) -> Vec<Bytes> {
        let blocks = std::iter::repeat_n(&self.block, megabytes);
        std::iter::once(&self.head).chain(blocks).chain([&self.tail]).cloned().collect()
    }
}

/// One service: members of every kind that such a list holds.
struct Record {
    kind: &'static str,
    name: String,
    nickname: String,
    start: String,
    expiry: String,
    price: String,
    vat: String,
}

/// The record at a place of the list: some have markup, quotes, letters beyond ASCII or an empty text in them.
fn record(at: usize) -> Record {
    const KINDS: [&str; 4] = ["domain", "miniserver", "dedicated", "cloudstorage"];
    // A step without a common divisor with any of the lengths below visits all of them in disorder.
    let turn = at.wrapping_mul(7919);
    let kind = KINDS.iter().cycle().nth(turn % 4).copied().unwrap_or_default();
    let nickname = match turn % 20 {
        0 => format!("R&D <box {at}>"),
        1 => format!("café — no. {at}"),
        2 => format!("say \"hi\" \\ {at}"),
        3..=9 => String::new(),
        _ => format!("www{at}"),
    };
    let date = |year: usize| format!("{}{:02}{:02}T00:00:00", year + turn % 3, 1 + turn % 12, 1 + turn % 28);
    let money = |pence: usize| format!("{}.{:02}", pence / 100, pence % 100);
    let pence = 100 + turn % 19_997;
    Record {
        kind,
        name: format!("my{kind}{at}"),
        nickname,
        start: date(2009),
        expiry: date(2024),
        price: money(pence),
        vat: money(pence / 5),
    }
}

impl Record {
    fn members(&self) -> [(&str, &str, &str); 9] {
        [
            ("status", "string", "LIVE"),
            ("renewal_price_currency", "string", "GBP"),
            ("type", "string", self.kind),
            ("name", "string", &self.name),
            ("expiry_date", "dateTime.iso8601", &self.expiry),
            ("renewal_price_amount", "double", &self.price),
            ("nickname", "string", &self.nickname),
            ("start_date", "dateTime.iso8601", &self.start),
            ("renewal_price_vat", "double", &self.vat),
        ]
    }

    fn xml(&self) -> String {
        let mut out = String::from("<value><struct>\n");
        for (name, kind, text) in self.members() {
            let text = marsh::model::escape::xml(text);
            // Writing to a String cannot fail.
            let _ = write!(out, "<member>\n<name>{name}</name>\n<value><{kind}>{text}</{kind}></value>\n</member>\n");
        }
        out + "</struct></value>\n"
    }

    fn json(&self) -> String {
        let member = |(name, kind, text): (&str, &str, &str)| match kind {
            "double" => format!("\"{name}\": {text}"),
            _ => format!("\"{name}\": {}", serde_json::Value::from(text)),
        };
        format!("{{{}}}", self.members().map(member).join(", "))
    }
}
