//! Every form that servers write, and what it means.

use super::*;
use crate::Fault;
use model::Date;

fn date(text: &str) -> Value {
    Value::Date(Date::verbatim(text))
}

#[test]
fn every_type_is_read() {
    for (wire, value) in [
        ("<int>-12</int>", Value::Int(-12)),
        ("<i4>2147483648</i4>", Value::Int(2_147_483_648)),
        ("<i8>9223372036854775807</i8>", Value::Int(i64::MAX)),
        ("<ex:i1>1</ex:i1>", Value::Int(1)),
        ("<ex:i2>+2</ex:i2>", Value::Int(2)),
        ("<ext:i8> 003\n</ext:i8>", Value::Int(3)),
        ("<biginteger>12345678901234567890</biginteger>", decimal("12345678901234567890")),
        ("<ex:biginteger>5</ex:biginteger>", Value::Int(5)),
        ("<double>-12.214</double>", decimal("-12.214")),
        ("<double>21.60</double>", decimal("21.60")),
        ("<ex:bigdecimal>1.000000000000000000001</ex:bigdecimal>", decimal("1.000000000000000000001")),
        ("<float>1e-07</float>", decimal("1e-07")),
        ("<double>-inf</double>", "-inf".into()),
        ("<boolean>1</boolean>", true.into()),
        ("<boolean>false</boolean>", false.into()),
        ("<string>South Dakota</string>", "South Dakota".into()),
        ("<string> a \n</string>", " a \n".into()),
        ("<string/>", "".into()),
        ("bare", "bare".into()),
        ("  ", "  ".into()),
        ("", "".into()),
        ("<dateTime.iso8601>\n19980717T14:08:55\n</dateTime.iso8601>", date("19980717T14:08:55")),
        ("<ex:dateTime>2011-11-12T10:20:30Z</ex:dateTime>", date("2011-11-12T10:20:30Z")),
        ("<base64>eW91IGNhbid0\nIHJlYWQgdGhpcyE=</base64>", Value::Bytes(b"you can't read this!".to_vec())),
        ("<nil/>", Value::Null),
        ("<ex:nil></ex:nil>", Value::Null),
        ("<array><data/></array>", Value::List(vec![])),
        ("<struct/>", map([])),
        ("\n <int>1</int>\t", Value::Int(1)),
    ] {
        assert_eq!(read(&answer(wire)).unwrap(), Reply::Value(value), "{wire}");
    }
}

#[test]
fn the_examples_of_the_specification_are_read() {
    let pair = "<struct><member><name>lowerBound</name><value><i4>18</i4></value></member>
        <member><name>upperBound</name><value><i4>139</i4></value></member></struct>";
    assert_eq!(
        read(&answer(pair)).unwrap(),
        Reply::Value(map([("lowerBound", Value::Int(18)), ("upperBound", Value::Int(139))]))
    );
    let list = "<array><data><value><i4>12</i4></value><value><string>Egypt</string></value>
        <value><boolean>0</boolean></value><value><i4>-31</i4></value></data></array>";
    let members = vec![Value::Int(12), "Egypt".into(), false.into(), Value::Int(-31)];
    assert_eq!(read(&answer(list)).unwrap(), Reply::Value(Value::List(members)));

    let call = "<?xml version=\"1.0\"?>\n<methodCall>\n<methodName>examples.getStateName</methodName>\n<params>\n\
        <param>\n<value><i4>41</i4></value>\n</param>\n</params>\n</methodCall>";
    let read = read_call(call.as_bytes(), None, Limits::default()).unwrap();
    assert_eq!(read, ("examples.getStateName".to_owned(), vec![Value::Int(41)]));
}

#[test]
fn faults_are_read() {
    let fault = |inside: &str| {
        let message = format!("<methodResponse><fault><value>{inside}</value></fault></methodResponse>");
        match read(&message).unwrap() {
            Reply::Fault(fault) => fault,
            value => panic!("{value:?}"),
        }
    };
    let specification = "<struct><member><name>faultCode</name><value><int>4</int></value></member>
        <member><name>faultString</name><value><string>Too many parameters.</string></value></member></struct>";
    let told = Fault { code: Some(4.into()), message: "Too many parameters.".into(), data: Value::Null };
    assert_eq!(fault(specification), told);

    let sloppy = "<struct><member><name>faultString</name><value>no</value></member><member><name>faultCode</name>
        <value>12</value></member><member><name>hint</name><value>later</value></member></struct>";
    assert_eq!(
        fault(sloppy),
        Fault { code: Some(12.into()), message: "no".into(), data: map([("hint", "later".into())]) }
    );

    let code = map([("faultCode", "Client".into())]);
    let worded = "<struct><member><name>faultCode</name><value>Client</value></member></struct>";
    assert_eq!(fault(worded), Fault { data: code, ..Fault::default() });
    assert_eq!(fault("no"), Fault { data: "no".into(), ..Fault::default() });
}

#[test]
fn an_answer_without_a_value_is_null() {
    for params in ["<params/>", "<params></params>", "<params>\n</params>\n"] {
        let message = format!("<methodResponse>{params}</methodResponse>");
        assert_eq!(read(&message).unwrap(), Reply::Value(Value::Null), "{params}");
    }
}

#[test]
fn text_is_joined_from_its_pieces() {
    for (wire, text) in [
        ("<string>a&lt;b&gt;&amp;&quot;&apos;</string>", "a<b>&\"'"),
        ("<string>&#13;&#x41;&#128512;</string>", "\rA😀"),
        ("<string>a\r\nb\rc</string>", "a\nb\nc"),
        ("<string>a<!-- c -->b<?pi d?> c</string>", "ab c"),
        ("<string> <![CDATA[<b>&amp;]]> </string>", " <b>&amp; "),
        ("a<!-- c -->b<![CDATA[]]>", "ab"),
        ("<!-- c --><string>a</string><?pi?>", "a"),
        ("<string xmlns:x='y' x:type='&undefined;'>a</string >", "a"),
    ] {
        assert_eq!(read(&answer(wire)).unwrap(), Reply::Value(text.into()), "{wire}");
    }
}

#[test]
fn member_names_are_kept_and_the_last_of_a_name_wins() {
    let member = |name: &str, value: &str| format!("<member><name>{name}</name><value>{value}</value></member>");
    let members = [member(" a ", "1"), member("&lt;é", "2"), member("", "3"), member("x", "4"), member("x", "5")];
    assert_eq!(
        read(&answer(&format!("<struct>{}</struct>", members.concat()))).unwrap(),
        Reply::Value(map([(" a ", "1".into()), ("<é", "2".into()), ("", "3".into()), ("x", "5".into())]))
    );
}

#[test]
fn other_encodings_are_read() {
    let declared = answer("café").replace("\"1.0\"", "\"1.0\" encoding=\"ISO-8859-1\"");
    let latin: Vec<u8> = declared.chars().map(|c| u8::try_from(c).unwrap()).collect();
    let utf16: Vec<u8> = answer("café").encode_utf16().flat_map(u16::to_be_bytes).collect();
    let plain: Vec<u8> = answer("café").chars().map(|c| u8::try_from(c).unwrap()).collect();
    for (message, charset) in [
        (latin.clone(), None),
        (declared.into_bytes(), Some("utf-8")),
        (plain, Some("windows-1252")),
        (utf16, None),
        ([b"\xef\xbb\xbf\n", answer("café").as_bytes()].concat(), None),
    ] {
        let reply = read_response(&message[..], charset, Limits::default()).unwrap();
        assert_eq!(reply, Reply::Value("café".into()), "{charset:?}");
    }
    let error = read_response(&latin[..], Some("utf-8"), Limits::default()).unwrap_err();
    let at = latin.iter().position(|&byte| byte == 0xe9).unwrap();
    assert_eq!(error.to_string(), format!("byte {at} is not UTF-8"));
}

/// The output of Python's `xmlrpc.client.dumps` for one value of each kind.
#[test]
fn what_python_writes_is_read() {
    let written = r#"<?xml version='1.0'?>
<methodResponse>
<params>
<param>
<value><struct>
<member>
<name>neg</name>
<value><int>-5</int></value>
</member>
<member>
<name>s</name>
<value><string>a&lt;b&gt;&amp;"
	é€😀</string></value>
</member>
<member>
<name>e</name>
<value><string></string></value>
</member>
<member>
<name>b</name>
<value><boolean>1</boolean></value>
</member>
<member>
<name>d</name>
<value><double>21.6</double></value>
</member>
<member>
<name>big</name>
<value><double>1e+22</double></value>
</member>
<member>
<name>nan</name>
<value><double>nan</double></value>
</member>
<member>
<name>dt</name>
<value><dateTime.iso8601>20110617T00:00:00</dateTime.iso8601></value>
</member>
<member>
<name>bin</name>
<value><base64>
eW91IGNhbid0IHJlYWQgdGhpcyF5b3UgY2FuJ3QgcmVhZCB0aGlzIXlvdSBjYW4ndCByZWFkIHRo
aXMheW91IGNhbid0IHJlYWQgdGhpcyE=
</base64></value>
</member>
<member>
<name>n</name>
<value><nil/></value></member>
<member>
<name>l</name>
<value><array><data>
<value><int>1</int></value>
<value><array><data>
</data></array></value>
</data></array></value>
</member>
<member>
<name>m</name>
<value><struct>
</struct></value>
</member>
<member>
<name>k&lt;&amp;&gt;</name>
<value><int>1</int></value>
</member>
</struct></value>
</param>
</params>
</methodResponse>
"#;
    let value = map([
        ("neg", Value::Int(-5)),
        ("s", "a<b>&\"\n\té€😀".into()),
        ("e", "".into()),
        ("b", true.into()),
        ("d", decimal("21.6")),
        ("big", decimal("1e+22")),
        ("nan", "nan".into()),
        ("dt", date("20110617T00:00:00")),
        ("bin", Value::Bytes(b"you can't read this!".repeat(4))),
        ("n", Value::Null),
        ("l", Value::List(vec![Value::Int(1), Value::List(vec![])])),
        ("m", map([])),
        ("k<&>", Value::Int(1)),
    ]);
    assert_eq!(read(written).unwrap(), Reply::Value(value));

    let call = "<?xml version='1.0'?>\n<methodCall>\n<methodName>system.x</methodName>\n<params>\n<param>\n\
        <value><int>1</int></value>\n</param>\n<param>\n<value><nil/></value></param>\n</params>\n</methodCall>\n";
    let read = read_call(call.as_bytes(), None, Limits::default()).unwrap();
    assert_eq!(read, ("system.x".to_owned(), vec![Value::Int(1), Value::Null]));
}
