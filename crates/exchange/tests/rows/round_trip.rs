//! What is written is what was read, for every type and format.

use crate::{House, law::INPUTS};

const ALL: [&str; 11] = [
    "sex",
    "birth-month",
    "base",
    "share",
    "index",
    "children",
    "disabled",
    "hired",
    "since",
    "deemed-months",
    "leave",
];

const PEOPLE: &str = "\
id,sex,birth-month,base,share,index,children,disabled,hired,since,deemed-months,leave
p1,male,1965-03,6000.35,0.080000,0.6125,2,true,1985-07-01,2010,180,15
p2,female,1800-01,-0.05,-0.000001,-1.0000,-3,false,1800-01-01,1800,-2400,-100000
\"p,3\",male,2299-12,9999999999999999.99,999999999999.999999,99999999999999.9999,9223372036854775807,false,2299-12-31,2299,2147483647,0
";

/// A file whose columns are named as the echo names them, to be read again as inputs.
fn renamed(text: &str) -> String {
    text.replace("out-", "")
}

#[test]
fn every_type_survives_every_format() {
    let house = House::new();
    house.write("in.csv", PEOPLE);
    for (first, second) in [
        ("csv", "parquet"),
        ("csv", "arrow"),
        ("parquet", "arrow"),
        ("arrow", "parquet"),
        ("parquet", "parquet"),
    ] {
        house.echo("in.csv", &format!("a.{first}"), &ALL).unwrap();
        rename_columns(&house, &format!("a.{first}"), &format!("b.{first}"));
        house
            .echo(&format!("b.{first}"), &format!("c.{second}"), &ALL)
            .unwrap();
        rename_columns(&house, &format!("c.{second}"), &format!("d.{second}"));
        let summary = house.echo(&format!("d.{second}"), "end.csv", &ALL).unwrap();
        assert_eq!(
            renamed(&house.read("end.csv")),
            PEOPLE,
            "{first} to {second}"
        );
        assert_eq!(
            (summary.rows, summary.refused_rows, summary.side),
            (3, 0, None)
        );
    }
}

#[test]
fn refused_rows_are_null_in_typed_files_too() {
    let house = House::new();
    house.write(
        "in.csv",
        "id,base,hired\na,1.00,2020-01-01\nb,,2020-02-30\nc,,2020-01-03\n",
    );
    for kind in ["csv", "parquet", "arrow"] {
        let summary = house
            .echo("in.csv", &format!("a.{kind}"), &["base", "hired"])
            .unwrap();
        assert_eq!((summary.rows, summary.refused_rows), (3, 2));
        assert!(summary.side.unwrap().ends_with("a.refused.csv"));
        rename_columns(&house, &format!("a.{kind}"), &format!("b.{kind}"));
        house
            .echo(&format!("b.{kind}"), "end.csv", &["base", "hired"])
            .unwrap();
        assert_eq!(
            house.read("end.csv"),
            "id,out-base,out-hired\na,1.00,2020-01-01\nb,,\nc,,2020-01-03\n"
        );
        assert!(house.read("end.refused.csv").contains("R0101"));
    }
}

#[test]
fn chinese_names_percentages_fen_and_commas_are_read() {
    let house = House::new();
    house.write(
        "in.csv",
        "\u{feff}编号,性别,缴费基数.fen,比例,残疾,子女数,备注\r\n甲,女,600035,8%,是,\"1,000\",\"多\r\n行\"\r\n乙,男,-5,0.08,0,-1.0,\r\n",
    );
    house
        .echo(
            "in.csv",
            "out.csv",
            &["sex", "base", "share", "disabled", "children"],
        )
        .unwrap();
    assert_eq!(
        house.read("out.csv"),
        "编号,out-sex,out-base,out-share,out-disabled,out-children\n甲,female,6000.35,0.080000,true,1000\n乙,male,-0.05,0.080000,false,-1\n"
    );
}

#[test]
fn gb18030_is_read_as_what_it_says() {
    let house = House::new();
    let text = "编号,性别,缴费基数\n张三,男,12.50\n李四,女,7\n";
    let (bytes, _, _) = encoding_rs::GB18030.encode(text);
    house.write("in.csv", bytes);
    house.echo("in.csv", "out.csv", &["sex", "base"]).unwrap();
    assert_eq!(
        house.read("out.csv"),
        "编号,out-sex,out-base\n张三,male,12.50\n李四,female,7.00\n"
    );
}

#[test]
fn a_group_column_is_carried() {
    let house = House::new();
    house.write("in.csv", "id,district,base\na,渝中区,1\nb,,2\n");
    let carried = exchange::rows::Carried {
        key: None,
        by: Some("district".to_owned()),
    };
    for kind in ["csv", "parquet"] {
        house
            .run("in.csv", &format!("a.{kind}"), &["base"], &[], &carried)
            .unwrap();
        rename_columns(&house, &format!("a.{kind}"), &format!("b.{kind}"));
        house
            .run(&format!("b.{kind}"), "end.csv", &["base"], &[], &carried)
            .unwrap();
        assert_eq!(
            house.read("end.csv"),
            "id,district,out-base\na,渝中区,1.00\nb,,2.00\n"
        );
    }
}

/// Gives the columns of a result file the names of inputs.
fn rename_columns(house: &House, from: &str, to: &str) {
    use arrow_schema::{Field, Schema};
    use std::{fs::File, sync::Arc};
    let renamed_schema = |schema: &Schema| {
        let fields = schema
            .fields()
            .iter()
            .map(|field| Field::new(renamed(field.name()), field.data_type().clone(), true));
        Arc::new(Schema::new(fields.collect::<Vec<_>>()))
    };
    let batches: Vec<arrow_array::RecordBatch> = match from.rsplit_once('.').unwrap().1 {
        "csv" => {
            house.write(to, renamed(&house.read(from)));
            return;
        }
        "parquet" => parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(
            File::open(house.path(from)).unwrap(),
        )
        .unwrap()
        .build()
        .unwrap()
        .map(Result::unwrap)
        .collect(),
        _ => arrow_ipc::reader::FileReader::try_new(File::open(house.path(from)).unwrap(), None)
            .unwrap()
            .map(Result::unwrap)
            .collect(),
    };
    let schema = renamed_schema(&batches[0].schema());
    let file = File::create(house.path(to)).unwrap();
    let batches = batches.iter().map(|batch| {
        arrow_array::RecordBatch::try_new(schema.clone(), batch.columns().to_vec()).unwrap()
    });
    if to.ends_with("parquet") {
        let mut writer = parquet::arrow::ArrowWriter::try_new(file, schema.clone(), None).unwrap();
        batches.for_each(|batch| writer.write(&batch).unwrap());
        writer.close().unwrap();
    } else {
        let mut writer = arrow_ipc::writer::FileWriter::try_new(file, &schema).unwrap();
        batches.for_each(|batch| writer.write(&batch).unwrap());
        writer.finish().unwrap();
    }
}

#[test]
fn the_law_has_a_rule_for_every_input() {
    assert_eq!(ALL.len() + 1, INPUTS.len());
}
