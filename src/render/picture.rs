//! A picture on a terminal: as the terminal's own protocol takes it, as sixels, or in half blocks, two pixels a character.
//!
//! The only file that uses the crate that writes sixels.

use std::io::Cursor;

use icy_sixel::SixelImage;

use super::ability::{Ability, Pictures};
use super::kind::Kind;
use super::style;
use model::{Value, base64};

/// A larger file is not shown.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// A picture with more pixels is not shown: a few bytes may claim to be a picture that fills the memory.
const MOST_PIXELS: u64 = 4_000_000;
/// The longest piece of a picture in kitty's protocol.
const PIECE: usize = 4096;
/// How wide a character is at least, in pixels.
const NARROW: usize = 8;
/// How kitty's and iTerm2's protocols begin.
const KITTY: &str = "\x1b_G";
const ITERM: &str = "\x1b]1337;File=";
/// How sixels begin.
const SIXEL: &str = "\x1bP";
/// How high a character is at least, in pixels.
const LOW: usize = 16;

/// The colour of a pixel.
type Pixel = [u8; 3];

/// The picture that a result consists of, alone or as the only member of a dictionary.
pub fn picture_in(results: &[Value]) -> Option<&[u8]> {
    let [result] = results else { return None };
    let bytes = match result {
        Value::Bytes(bytes) => bytes,
        Value::Map(map) if map.len() == 1 => match map.iter().next()?.1 {
            Value::Bytes(bytes) => bytes,
            _ => return None,
        },
        _ => return None,
    };
    Kind::of(bytes).is_some_and(Kind::is_picture).then_some(bytes)
}

/// What shows a picture on a screen of so many columns and rows. `None` if the screen cannot show it, or if it is too
/// large.
pub fn shown(bytes: &[u8], ability: Ability, screen: (usize, usize)) -> Option<String> {
    if bytes.len() > MOST_BYTES {
        return None;
    }
    let kind = Kind::of(bytes)?;
    let size = size(bytes);
    match (ability.pictures, kind) {
        (Pictures::Kitty, Kind::Png) => Some(kitty(bytes, size?, screen.0)),
        (Pictures::Iterm, Kind::Png) => size.map(|_| iterm(bytes)),
        (Pictures::Iterm, Kind::Jpeg | Kind::Gif) => Some(iterm(bytes)),
        (Pictures::Sixel, Kind::Png) => sixel(bytes, size?, screen),
        (Pictures::Blocks { deep }, Kind::Png) => blocks(bytes, size?, screen, deep),
        _ => None,
    }
}

/// Whether a text is a picture in a protocol of terminals, which has no width in characters.
pub fn is_drawn_by_terminal(text: &[u8]) -> bool {
    [KITTY, ITERM, SIXEL].iter().any(|begins| text.starts_with(begins.as_bytes()))
}

/// The columns and rows of pixels that a PNG picture says it has; `None` for others, and for those that are too large.
fn size(bytes: &[u8]) -> Option<(usize, usize)> {
    let number = |at: usize| {
        let digits: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(digits))
    };
    let (wide, high) = (number(16)?, number(20)?);
    let pixels = u64::from(wide) * u64::from(high);
    let fits = Kind::of(bytes) == Some(Kind::Png) && pixels > 0 && pixels <= MOST_PIXELS;
    fits.then_some((usize::try_from(wide).ok()?, usize::try_from(high).ok()?))
}

/// In kitty's protocol. The terminal answers nothing (`q=2`): an answer would be read as typed.
fn kitty(bytes: &[u8], (wide, _): (usize, usize), columns: usize) -> String {
    let text = base64::encode(bytes);
    let fitted = if wide > columns * NARROW { format!(",c={columns}") } else { String::new() };
    let pieces: Vec<&[u8]> = text.as_bytes().chunks(PIECE).collect();
    let mut out = String::with_capacity(text.len() + pieces.len() * 16);
    for (nth, piece) in pieces.iter().enumerate() {
        let more = usize::from(nth + 1 < pieces.len());
        let head = if nth == 0 { format!("a=T,f=100,q=2{fitted},m={more}") } else { format!("q=2,m={more}") };
        out.push_str(&format!("{KITTY}{head};{}\x1b\\", String::from_utf8_lossy(piece)));
    }
    out + "\n"
}

/// In iTerm2's protocol.
fn iterm(bytes: &[u8]) -> String {
    let text = base64::encode(bytes);
    format!("{ITERM}inline=1;size={};preserveAspectRatio=1:{text}\x07\n", bytes.len())
}

/// In sixels.
fn sixel(bytes: &[u8], size: (usize, usize), (columns, rows): (usize, usize)) -> Option<String> {
    let pixels = decoded(bytes, size.0, size.1)?;
    let most = (columns.max(1) * NARROW, rows.saturating_sub(2).max(1) * LOW);
    let (pixels, (wide, high)) = fitted(&pixels, size, most);
    let parts = pixels.iter().flat_map(|[red, green, blue]| [*red, *green, *blue, u8::MAX]).collect();
    let text = SixelImage::from_rgba(parts, wide, high).encode().ok()?;
    Some(text + "\n")
}

/// In half blocks.
fn blocks(bytes: &[u8], size: (usize, usize), (columns, rows): (usize, usize), deep: bool) -> Option<String> {
    let pixels = decoded(bytes, size.0, size.1)?;
    let most = (columns.max(1), rows.saturating_sub(2).max(1) * 2);
    let (pixels, (columns, _)) = fitted(&pixels, size, most);
    let mut out = String::new();
    for pair in pixels.chunks(columns * 2) {
        let (above, below) = pair.split_at(columns.min(pair.len()));
        for (x, above) in above.iter().enumerate() {
            out.push_str(&style::half_block(*above, below.get(x).copied(), deep));
        }
        out.push('\n');
    }
    Some(out)
}

/// The pixels of a picture as large as it fits, and never larger than it is, with its new size.
fn fitted(pixels: &[Pixel], (wide, high): (usize, usize), most: (usize, usize)) -> (Vec<Pixel>, (usize, usize)) {
    let by = (wide as f64 / most.0 as f64).max(high as f64 / most.1 as f64).max(1.0);
    let scaled = |length: usize| ((length as f64 / by) as usize).max(1);
    let (columns, lines) = (scaled(wide), scaled(high));
    let area = |x: usize, y: usize| {
        let (from, to) = (x * wide / columns, ((x + 1) * wide / columns).max(x * wide / columns + 1));
        let (top, end) = (y * high / lines, ((y + 1) * high / lines).max(y * high / lines + 1));
        let rows = (top..end).filter_map(|row| pixels.get(row * wide + from..row * wide + to.min(wide)));
        average(rows.flatten())
    };
    let all = (0..lines).flat_map(|y| (0..columns).map(move |x| (x, y))).map(|(x, y)| area(x, y)).collect();
    (all, (columns, lines))
}

fn average<'p>(pixels: impl Iterator<Item = &'p Pixel>) -> Pixel {
    let (mut sum, mut count) = ([0u64; 3], 0u64);
    for pixel in pixels {
        sum.iter_mut().zip(pixel).for_each(|(sum, part)| *sum += u64::from(*part));
        count += 1;
    }
    sum.map(|sum| u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX))
}

/// The pixels of a PNG picture, row by row, on white. `None` if it is broken.
fn decoded(bytes: &[u8], wide: usize, high: usize) -> Option<Vec<Pixel>> {
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: MOST_BYTES * 4 });
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().ok()?;
    let mut buffer = vec![0; reader.output_buffer_size()?];
    let frame = reader.next_frame(&mut buffer).ok()?;
    let on_white = |part: u8, alpha: u8| {
        let mixed = (u32::from(part) * u32::from(alpha) + 255 * (255 - u32::from(alpha))) / 255;
        u8::try_from(mixed).unwrap_or(u8::MAX)
    };
    let pixel = |parts: &[u8]| match *parts {
        [grey] => [grey; 3],
        [grey, alpha] => [on_white(grey, alpha); 3],
        [red, green, blue] => [red, green, blue],
        [red, green, blue, alpha] => [red, green, blue].map(|part| on_white(part, alpha)),
        _ => [255; 3],
    };
    let samples = frame.color_type.samples();
    let pixels: Vec<Pixel> = buffer.get(..frame.buffer_size())?.chunks_exact(samples).map(pixel).collect();
    (pixels.len() == wide * high).then_some(pixels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A picture of these grey pixels.
    fn png(wide: u32, pixels: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, wide, u32::try_from(pixels.len()).unwrap() / wide);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.write_header().unwrap().write_image_data(pixels).unwrap();
        out
    }

    fn with(pictures: Pictures) -> Ability {
        Ability { unicode: true, pictures }
    }

    #[test]
    fn a_terminal_gets_what_it_can_show() {
        let (small, jpeg) = (png(2, &[0, 255, 255, 0]), b"\xff\xd8\xff\xe0".to_vec());
        let blocks = Pictures::Blocks { deep: true };
        for (bytes, pictures, begins) in [
            (&small, Pictures::Kitty, Some("\x1b_Ga=T,f=100,q=2,m=0;iVBORw0KGgo")),
            (&small, Pictures::Iterm, Some("\x1b]1337;File=inline=1;size=")),
            (&small, blocks, Some("\x1b[48;2;255;255;255;38;2;0;0;0m▀")),
            (&small, Pictures::Sixel, Some("\x1bP")),
            (&jpeg, Pictures::Sixel, None),
            (&small, Pictures::None, None),
            (&jpeg, Pictures::Kitty, None),
            (&jpeg, Pictures::Iterm, Some("\x1b]1337;File=inline=1;size=4;")),
            (&jpeg, blocks, None),
            (&b"text".to_vec(), Pictures::Iterm, None),
        ] {
            let found = shown(bytes, with(pictures), (80, 24));
            assert_eq!(
                found.as_ref().map(|it| it.starts_with(begins.unwrap_or("?"))),
                begins.map(|_| true),
                "{pictures:?} {found:?}"
            );
        }
    }

    #[test]
    fn a_large_picture_is_made_to_fit() {
        let large = png(400, &[128; 400 * 300]);
        let drawn = shown(&large, with(Pictures::Blocks { deep: false }), (40, 12)).unwrap();
        let lines: Vec<String> = drawn.lines().map(style::unpainted).collect();
        assert!(lines.len() <= 10 && lines.iter().all(|line| line.chars().count() <= 40), "{lines:?}");
        let sixels = shown(&large, with(Pictures::Sixel), (40, 12)).unwrap();
        // The size stands at the beginning: 4:3, and no wider or higher than the screen.
        assert!(sixels.contains("\"1;1;213;160") && sixels.ends_with("\x1b\\\n"), "{:?}", &sixels[..40]);
        assert!(is_drawn_by_terminal(sixels.as_bytes()));
        assert!(shown(&png(700, &[0; 700]), with(Pictures::Kitty), (80, 24)).unwrap().contains(",c=80,m="));
    }

    #[test]
    fn a_picture_that_claims_too_much_is_not_decoded() {
        let mut bomb = png(1, &[0]);
        bomb[16..24].copy_from_slice(&[0, 0, 255, 255, 0, 0, 255, 255]);
        for pictures in [Pictures::Kitty, Pictures::Iterm, Pictures::Sixel, Pictures::Blocks { deep: true }] {
            assert_eq!(shown(&bomb, with(pictures), (80, 24)), None);
        }
    }

    #[test]
    fn a_picture_is_found_where_a_result_is_nothing_else() {
        let bytes = png(1, &[0]);
        let map = |more: bool| {
            let other = more.then(|| ("id".to_owned(), Value::Int(1)));
            Value::Map([("data".to_owned(), Value::Bytes(bytes.clone()))].into_iter().chain(other).collect())
        };
        for (result, found) in [
            (Value::Bytes(bytes.clone()), true),
            (map(false), true),
            (map(true), false),
            (Value::Bytes(b"%PDF-1.4\0".to_vec()), false),
            (Value::from("x"), false),
        ] {
            assert_eq!(picture_in(std::slice::from_ref(&result)).is_some(), found, "{result:?}");
        }
    }

    proptest! {
        #[test]
        fn broken_pictures_do_no_harm(at in 8usize..80, byte: u8, size in (1usize..90, 1usize..40)) {
            let mut broken = png(8, &[7; 64]);
            if let Some(place) = broken.get_mut(at) {
                *place = byte;
            }
            for pictures in [Pictures::Kitty, Pictures::Iterm, Pictures::Sixel, Pictures::Blocks { deep: true }] {
                let _ = shown(&broken, with(pictures), size);
            }
        }
    }
}
