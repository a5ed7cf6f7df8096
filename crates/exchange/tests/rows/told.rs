//! Several laws over the same rows at once: in order, whatever the threads, and nothing of what stood in a row that was refused.

use crate::House;
use crate::law::Echo;
use exchange::rows::{Carried, Cause, Columns, Opened, Told, tell};
use rules::columns::Slot;
use rules::law::{EntityId, InputId};
use std::ops::ControlFlow;

/// What two echoes of the base and of the children say, the sex and the base being looked at.
fn told(house: &House, threads: usize, most: u64) -> Vec<Told> {
    let law = &house.law;
    let laws = ["base", "children"].map(|input| Echo::new(law, &[input], 0));
    let opened = Opened::open(&house.path("in.csv"), &[], &Carried::default()).unwrap();
    let fields = Echo::new(law, &["base", "children", "sex"], 0).fields;
    let source = opened.source(law, EntityId(0), &fields, &[]).unwrap();
    let input = |at: usize| Slot::Input(InputId::nth(at));
    let (base, children, sex) = (input(2), input(5), input(0));
    let columns = Columns {
        read: &[base, children],
        looked: &[sex, base],
    };
    let (mut all, mut rows) = (Vec::new(), 0);
    tell(&source, &laws, columns, threads, &mut |told| {
        rows += told.rows as u64;
        all.push(told);
        match rows < most {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    })
    .unwrap();
    all
}

#[test]
fn each_law_says_its_own_and_what_is_only_looked_at_refuses_nothing() {
    let house = House::new();
    house.write(
        "in.csv",
        "id,sex,base,children\na,男,100.00,2\nb,none,200.00,\nc,female,many,1\nd,,,3\n",
    );
    let all = told(&house, 2, u64::MAX);
    let [told] = all.as_slice() else {
        panic!("{all:?}");
    };
    assert_eq!(told.rows, 4);
    assert_eq!(told.values[0], [Some(10_000), Some(20_000), None, None]);
    // The row whose base cannot be read has no value under either law.
    assert_eq!(told.values[1], [Some(2), None, None, Some(3)]);
    assert_eq!(told.looked[0], [Some(0), None, Some(1), None]);
    assert_eq!(told.looked[1], [Some(10_000), Some(20_000), None, None]);
    let causes = told.refused.iter().map(|without| match &without.cause {
        Cause::File(code, column) => (without.row, format!("{code} {column}")),
        Cause::Law(law, refusal) => (without.row, format!("{law} {}", refusal.reason.code())),
    });
    let causes: Vec<_> = causes.collect();
    assert_eq!(
        causes,
        [
            (Some(2), "C0121 base".to_owned()),
            (Some(3), "0 R0101".to_owned()),
            (Some(1), "1 R0101".to_owned()),
        ]
    );
}

#[test]
fn rows_are_told_in_their_order_until_it_is_enough() {
    let house = House::new();
    let rows = (0..400_000).map(|row| format!("{row},男,{row}.00,1\n"));
    house.write(
        "in.csv",
        format!("id,sex,base,children\n{}", rows.collect::<String>()),
    );
    for threads in 1..=3 {
        let all = told(&house, threads, u64::MAX);
        let bases = all.iter().flat_map(|told| &told.values[0]);
        assert!(bases.copied().eq((0..400_000).map(|row| Some(row * 100))));
        let some: usize = told(&house, threads, 10).iter().map(|told| told.rows).sum();
        assert!((10..400_000).contains(&some), "{some}");
    }
}
