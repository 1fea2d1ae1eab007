//! What kind of file some bytes are, by the marks that each kind begins with.

/// A kind of file that is not text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A PNG picture.
    Png,
    /// A JPEG picture.
    Jpeg,
    /// A GIF picture.
    Gif,
    /// A WebP picture.
    Webp,
    /// A BMP picture.
    Bmp,
    /// A TIFF picture.
    Tiff,
    /// A PDF document.
    Pdf,
    /// A PostScript document.
    PostScript,
    /// A ZIP archive; spreadsheets and text documents of office programs are such archives, too.
    Zip,
    /// Data compressed by gzip.
    Gzip,
    /// Data compressed by bzip2.
    Bzip2,
    /// Data compressed by xz.
    Xz,
    /// Data compressed by zstd.
    Zstd,
    /// A 7z archive.
    SevenZip,
    /// A RAR archive.
    Rar,
    /// A tar archive.
    Tar,
    /// A program for Unix.
    Elf,
    /// Bytes that are not text and have no known mark.
    Other,
}

/// The marks of each kind, and where in the file they are.
static MARKS: &[(usize, &[u8], Kind)] = &[
    (0, b"\x89PNG\r\n\x1a\n", Kind::Png),
    (0, b"\xff\xd8\xff", Kind::Jpeg),
    (0, b"GIF87a", Kind::Gif),
    (0, b"GIF89a", Kind::Gif),
    (8, b"WEBP", Kind::Webp),
    (0, b"II*\0", Kind::Tiff),
    (0, b"MM\0*", Kind::Tiff),
    (0, b"%PDF-", Kind::Pdf),
    (0, b"%!PS", Kind::PostScript),
    (0, b"PK\x03\x04", Kind::Zip),
    (0, b"PK\x05\x06", Kind::Zip),
    (0, b"\x1f\x8b", Kind::Gzip),
    (0, b"BZh", Kind::Bzip2),
    (0, b"\xfd7zXZ\0", Kind::Xz),
    (0, b"\x28\xb5\x2f\xfd", Kind::Zstd),
    (0, b"7z\xbc\xaf\x27\x1c", Kind::SevenZip),
    (0, b"Rar!\x1a\x07", Kind::Rar),
    (257, b"ustar", Kind::Tar),
    (0, b"\x7fELF", Kind::Elf),
];

/// A BMP picture begins with two letters that a text may begin with too; four zeros follow later.
const BMP: (&[u8], &[u8]) = (b"BM", b"\0\0\0\0");

impl Kind {
    /// The kind of some bytes; `None` if they are text in UTF-8.
    ///
    /// A mark decides only where the bytes are not text anyway, or where no text begins like that.
    pub fn of(bytes: &[u8]) -> Option<Kind> {
        let has = |at: usize, mark: &[u8]| bytes.get(at..).is_some_and(|rest| rest.starts_with(mark));
        let marked = MARKS.iter().find(|(at, mark, _)| has(*at, mark)).map(|(.., kind)| *kind);
        let riff = |kind: &Kind| *kind != Kind::Webp || has(0, b"RIFF");
        if let Some(kind) = marked.filter(riff)
            && (matches!(kind, Kind::Pdf | Kind::PostScript) || !is_text(bytes))
        {
            return Some(kind);
        }
        let bitmap = has(0, BMP.0) && has(6, BMP.1);
        (!is_text(bytes)).then_some(if bitmap { Kind::Bmp } else { Kind::Other })
    }

    /// In words: `PNG picture`.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Png => "PNG picture",
            Kind::Jpeg => "JPEG picture",
            Kind::Gif => "GIF picture",
            Kind::Webp => "WebP picture",
            Kind::Bmp => "BMP picture",
            Kind::Tiff => "TIFF picture",
            Kind::Pdf => "PDF document",
            Kind::PostScript => "PostScript document",
            Kind::Zip => "ZIP archive",
            Kind::Gzip => "gzip file",
            Kind::Bzip2 => "bzip2 file",
            Kind::Xz => "xz file",
            Kind::Zstd => "zstd file",
            Kind::SevenZip => "7z archive",
            Kind::Rar => "RAR archive",
            Kind::Tar => "tar archive",
            Kind::Elf => "program",
            Kind::Other => "binary data",
        }
    }

    /// Whether it is a picture.
    pub fn is_picture(self) -> bool {
        matches!(self, Kind::Png | Kind::Jpeg | Kind::Gif | Kind::Webp | Kind::Bmp | Kind::Tiff)
    }
}

/// Whether bytes are text: UTF-8 without the zeros that only binary files contain.
fn is_text(bytes: &[u8]) -> bool {
    !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn files_are_known_by_their_marks() {
        let mut tar = vec![0; 257];
        tar.extend(b"ustar\0");
        for (bytes, kind) in [
            (b"\x89PNG\r\n\x1a\n\0".as_slice(), Some(Kind::Png)),
            (b"\xff\xd8\xff\xe0", Some(Kind::Jpeg)),
            (b"GIF89a\x01\0", Some(Kind::Gif)),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Some(Kind::Webp)),
            (b"RIFX\x10\0\0\0WEBPVP8 ", Some(Kind::Other)),
            (b"BM\x10\0\0\0\0\0\0\0", Some(Kind::Bmp)),
            (b"%PDF-1.7\n", Some(Kind::Pdf)),
            (b"%PDF-1.7\n\0\xff", Some(Kind::Pdf)),
            (b"PK\x03\x04\0", Some(Kind::Zip)),
            (b"\x1f\x8b\x08", Some(Kind::Gzip)),
            (&tar, Some(Kind::Tar)),
            (b"\xfe\xfe", Some(Kind::Other)),
            (b"a\0b", Some(Kind::Other)),
            // A text may begin with the letters of a mark.
            (b"GIF89a is a format", None),
            (b"BMW", None),
            (b"BZh", None),
            (b"PNG", None),
            ("größer".as_bytes(), None),
            (b"", None),
        ] {
            assert_eq!(Kind::of(bytes), kind, "{bytes:?}");
        }
    }

    #[test]
    fn a_document_is_not_a_picture() {
        assert!(Kind::Gif.is_picture() && !Kind::Pdf.is_picture());
    }

    proptest! {
        #[test]
        fn no_text_is_taken_for_a_picture(text in any::<String>()) {
            prop_assert!(Kind::of(text.as_bytes()).is_none_or(|kind| !kind.is_picture() || text.contains('\0')));
        }

        #[test]
        fn any_bytes_can_be_asked_about(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let kind = Kind::of(&bytes);
            prop_assert_eq!(kind.is_none(), is_text(&bytes) && !bytes.starts_with(b"%PDF-") && !bytes.starts_with(b"%!PS"));
        }
    }
}
