//! The leaves of an element by their paths: `Acct/Id/Othr/Id`, `Amt`, `Amt@Ccy`.

/// More leaves than an entry has without its details.
const LEAVES_MAX: usize = 4_096;

/// The paths that are read, of accounts, entries and details, in the order of their letters.
const WANTED: [&str; 38] = [
    "Acct/Svcr/FinInstnId/BICFI",
    "Acct/Svcr/FinInstnId/ClrSysMmbId/MmbId",
    "Acct/Svcr/FinInstnId/LEI",
    "Acct/Svcr/FinInstnId/Nm",
    "Acct/Svcr/FinInstnId/Othr/Id",
    "AcctSvcrRef",
    "AddtlNtryInf",
    "AddtlTxInf",
    "Amt",
    "Amt@Ccy",
    "Bal/Amt",
    "Bal/CdtDbtInd",
    "Bal/Tp/CdOrPrtry/Cd",
    "BookgDt/Dt",
    "BookgDt/DtTm",
    "CdtDbtInd",
    "Id",
    "NtryRef",
    "Refs/AcctSvcrRef",
    "Refs/EndToEndId",
    "RltdPties/Dbtr/Agt/FinInstnId/Nm",
    "RltdPties/Dbtr/Nm",
    "RltdPties/Dbtr/Pty/Nm",
    "RltdPties/DbtrAcct/Id/IBAN",
    "RltdPties/DbtrAcct/Id/Othr/Id",
    "RmtInf/Strd/CdtrRefInf/Ref",
    "RmtInf/Ustrd",
    "RvslInd",
    "Sts/Cd",
    "Sts/Prtry",
    "TxsSummry/TtlCdtNtries/NbOfNtries",
    "TxsSummry/TtlCdtNtries/Sum",
    "TxsSummry/TtlDbtNtries/NbOfNtries",
    "TxsSummry/TtlDbtNtries/Sum",
    "TxsSummry/TtlNtries/NbOfNtries",
    "TxsSummry/TtlNtries/Sum",
    "ValDt/Dt",
    "ValDt/DtTm",
];

/// Texts of leaves, in the order they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    text: String,
    leaves: Vec<(&'static str, std::ops::Range<usize>)>,
    count: usize,
}

impl Fields {
    /// Keeps a leaf if it is one that is read. Whether there was room.
    #[must_use]
    pub(super) fn put(&mut self, path: &str, text: &str) -> bool {
        self.count += 1;
        if LEAVES_MAX < self.count {
            return false;
        }
        if let Ok(at) = WANTED.binary_search(&path) {
            let from = self.text.len();
            self.text.push_str(text.trim());
            self.leaves.push((WANTED[at], from..self.text.len()));
        }
        true
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.leaves.clear();
        self.count = 0;
    }

    /// Every text at a path.
    pub(super) fn all(&self, path: &str) -> impl Iterator<Item = &str> {
        debug_assert!(WANTED.contains(&path), "{path} is never kept");
        let leaves = self.leaves.iter().filter(move |(of, _)| *of == path);
        leaves.map(|(_, range)| &self.text[range.clone()])
    }

    /// The first text at a path that is not empty, or the empty one.
    pub(super) fn first(&self, path: &str) -> &str {
        self.all(path).find(|text| !text.is_empty()).unwrap_or("")
    }

    /// The first of several paths that has a text, with that path.
    pub(super) fn of(&self, paths: &[&'static str]) -> (&'static str, &str) {
        let mut found = paths.iter().map(|path| (*path, self.first(path)));
        let found = found.find(|(_, text)| !text.is_empty());
        found.unwrap_or((paths[0], ""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_stands_in_order() {
        assert!(WANTED.is_sorted());
    }
}
