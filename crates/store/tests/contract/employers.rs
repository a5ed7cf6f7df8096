//! Employers and what is true of them.

use crate::registers::{day, district, employer, moment, origin};
use city::{
    employers::{IndustryClass, RateLevel, Registration},
    facts::{OriginKind, Span, Timeline},
};
use measure::CreditCode;
use store::{Error, both, employers};

both! {
    an_employer_is_found_by_its_code_and_is_there_once(db) {
        db.write(|tx| {
            let id = employer(tx, '1');
            let code = CreditCode::complete("91500103MA0000001").unwrap();
            assert_eq!(employers::find(tx, &code)?.unwrap().id, id);
            assert_eq!(employers::find(tx, &CreditCode::complete("91500103MA0000002").unwrap())?, None);
            employers::rename(tx, id, "某集团")?;
            assert_eq!(employers::employer(tx, id)?.unwrap().name, "某集团");
            let again = tx.attempt(|tx| employers::enrol(tx, &code, "他公司", moment(1), origin(OriginKind::Case, 1)));
            assert_eq!(again.unwrap_err().violated(), Some("employer_credit_code"));
            Ok::<(), Error>(())
        })
        .unwrap();
    }

    /// What was true of it on a day can be asked as it was known.
    a_registration_is_corrected(db) {
        let registration = |class| Registration {
            district: district(),
            industry_class: IndustryClass::new(class).unwrap(),
            rate_level: RateLevel::AtBase,
        };
        db.write(|tx| {
            let id = employer(tx, '1');
            let first = Timeline::default().record(Span::from(day("2025-01")), registration(2), moment(1), origin(OriginKind::Case, 1));
            employers::carry_out(tx, id, &first.unwrap())?;
            let known = employers::registrations(tx, id)?;
            let mended = known.correct(Span::from(day("2025-03")), registration(5), moment(2), origin(OriginKind::Correction, 2));
            employers::carry_out(tx, id, &mended.unwrap())?;
            assert_eq!(employers::on(tx, id, day("2025-04"), moment(1))?, Some(registration(2)));
            assert_eq!(employers::on(tx, id, day("2025-04"), moment(2))?, Some(registration(5)));
            assert_eq!(employers::on(tx, id, day("2025-02"), moment(2))?, Some(registration(2)));
            assert_eq!(employers::on(tx, id, day("2024-12"), moment(2))?, None);
            assert_eq!(employers::registrations(tx, id)?.facts().count(), 3);
            Ok::<(), Error>(())
        })
        .unwrap();
    }
}
