package search

import (
	"os"
	"strings"
	"sync"
	"testing"
)

// site returns what the public site's own file knows.
var site = sync.OnceValues(func() (*Synonyms, error) {
	f, err := os.Open("../../site/search.yaml")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return Load(f)
})

func siteSynonyms(t testing.TB) *Synonyms {
	t.Helper()
	s, err := site()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// meets says whether two words of a language are taken for forms of one.
func meets(l *language, a, b string) bool {
	for _, x := range l.stems(fold(a)) {
		for _, y := range l.stems(fold(b)) {
			if x == y {
				return true
			}
		}
	}
	return false
}

// inflected are words with forms of theirs, as "query: word of a text, another".
var inflected = map[string]string{
	"pl": `
		praca: pracy, pracę, pracą, prace, prac, pracach, pracami, pracować, pracuję, pracuje, pracują, pracował, pracowała
		pracodawca: pracodawcy, pracodawcę, pracodawcą, pracodawców, pracodawcom, pracodawcami
		umowa: umowy, umowie, umowę, umową, umów, umowach
		dziecko: dzieci, dziecka, dziecku, dzieciom, dziećmi, dzieckiem
		ludzi: człowiek, ludźmi, ludzie, człowieka, ludziom
		dług: długu, długi, długiem, długów
		dokumenty: dokument, dokumentów, dokumentach, dokumentem
		paszport: paszportu, paszporcie, paszportem, paszporty
		policja: policji, policję, policją
		granica: granicy, granicę, granicach, granic
		prawnik: prawnika, prawnikiem, prawnicy, prawników
		lekarz: lekarza, lekarzem, lekarze, lekarzy
		zapłata: zapłaty, zapłacie, zapłatę
		szkoła: szkole, szkoły, szkół
		szpital: szpitala, szpitalu, szpitale
		sąd: sądzie, sądu, sądem
		ambasada: ambasadzie, ambasady
		pożyczka: pożyczce, pożyczek, pożyczki
		pieniądze: pieniędzy, pieniędzmi
		urząd: urzędu, urzędzie, urzędami
		zezwolenie: zezwolenia, zezwoleń, zezwoleniem
		mieszkanie: mieszkania, mieszkaniu, mieszkań
		pośrednik: pośrednika, pośrednicy, pośrednikiem
		cudzoziemiec: cudzoziemca, cudzoziemcy, cudzoziemców, cudzoziemcem
		tłumacz: tłumacza, tłumaczem
		opiekun: opiekuna, opiekunem, opiekunowie
		zmuszać: zmusza, zmuszają, zmusił, zmuszanie, zmuszania
		uciec: ucieka, ucieknę, uciekła
		bać: boję, boisz, boi
		oszukać: oszukał, oszukują, oszukuje, oszukany
		zabrali: zabrał, zabrać, zabiera
		grozić: groził, grozi, grożą
		zadzwonić: zadzwoń, zadzwonisz, zadzwoniłam
		podpisać: podpisuj, podpisał, podpisze
		kobieta: kobiety, kobiecie, kobiet
		mąż: męża, mężem
		miasto: mieście, miasta
		linia: linii, linię
		przemoc: przemocy, przemocą
		turystyczna: turystycznej, turystyczne
		przymusowa: przymus, przymusowej
		taksówka: taksówce, taksówek`,
	"uk": `
		робота: роботи, роботі, роботу, роботою, робіт
		роботодавець: роботодавця, роботодавцю, роботодавцем, роботодавці, роботодавців
		договір: договору, договором, договори
		борг: боргу, боргом, борги, боргів
		паспорт: паспорта, паспорту, паспорти
		документи: документ, документів, документами
		людина: люди, людей, людьми, людині
		дитина: дитини, діти, дітей, дітям
		гроші: грошей, грошима
		поліція: поліції, поліцію, поліцією
		допомога: допомоги, допомогу, допомозі
		лікар: лікаря, лікарем
		лікарня: лікарні, лікарню
		кордон: кордону, кордоні
		дозвіл: дозволу, дозволи
		притулок: притулку
		працювати: працюю, працює, працюють, працював
		обманювати: обманюють, обманює, обманули
		загрожувати: загрожує, погрожують, погрозою
		боятися: боюся, боїтеся, боїться
		телефонувати: телефонуйте, телефону
		безпека: безпеці, безпеки
		жінка: жінці, жінок
		перебування: перебуванні, перебувань
		вагітність: вагітності
		школа: шкіл, школі
		зарплата: зарплати, зарплату
		особа: осіб, особу`,
	"ru": `
		работа: работы, работе, работу, работой, работ, работать, работает, работают
		работодатель: работодателя, работодателем, работодатели, работодателей
		договор: договора, договором, договоры
		долг: долга, долги, долгов, долгом
		документы: документ, документов, документами
		паспорт: паспорта, паспортом
		деньги: денег, деньгами
		ребёнок: ребёнка, дети, детей, детьми
		человек: люди, людей, людьми, человека
		полиция: полиции, полицию, полицией
		помощь: помощи, помощью
		помочь: помогите, поможет
		больница: больницу, больницы, больнице
		граница: границу, границей
		принуждение: принуждения, принуждать
		разрешение: разрешения, разрешить
		угроза: угрозы, угрожает, угрожают
		бояться: боюсь, боитесь, боится
		обманывать: обманывают, обманули
		забрать: забрал, забрали, отобрали
		беременность: беременности
		беременная: беременной, беременных
		семья: семьи, семью, семье
		насилие: насилия, насилию
		платить: платят, заплатят, плачу
		жильё: жилья
		врач: врача, врачом, врачей
		кредит: кредиты, кредитов
		адвокат: адвоката, адвокаты`,
	"ar": `
		عمل: العمل, للعمل, والعمل, عملكم, يعمل
		عقد: العقد, بالعقد, عقود
		شرطة: الشرطة, للشرطة
		أوراق: الأوراق, أوراقكم, ورقة
		طفل: الأطفال, طفلًا, أطفال
		دين: الديون, دَين, الدَّين
		جواز: الجواز, جوازات
		مترجم: المترجم, مترجمة, مترجمون
		تهديد: التهديد, بالتهديد, يهددني
		محامي: محامٍ, المحامي
		سفارة: السفارة, سفارات
		أجر: الأجر, أجور`,
	"en": `
		child: children, kids
		agency: agencies
		boss: bosses
		debt: debts
		work: works, worked, working
		housing: house, housed
		trafficking: trafficked, traffic
		pay: paid
		threaten: threatened, threatening, threat
		exploit: exploited, exploiting`,
}

func TestInflection(t *testing.T) {
	least := map[string]int{"pl": 60, "uk": 40, "ru": 40, "ar": 15, "en": 10}
	for tag, table := range inflected {
		t.Run(tag, func(t *testing.T) {
			l := siteSynonyms(t).language(tag)
			pairs := 0
			for _, line := range strings.Split(strings.TrimSpace(table), "\n") {
				query, forms, _ := strings.Cut(strings.TrimSpace(line), ": ")
				for _, form := range strings.Split(forms, ", ") {
					pairs++
					if !meets(l, query, form) {
						t.Errorf("%q %v does not meet %q %v", query, l.stems(fold(query)), form, l.stems(fold(form)))
					}
				}
			}
			if pairs < least[tag] {
				t.Errorf("%d pairs, want %d", pairs, least[tag])
			}
		})
	}
}

// apart are words that only look alike.
var apart = map[string]string{
	"pl": `
		praca: prawo, prawa, prawnik, prawda, pranie, prasa, proca
		prawo: prawie, praca, prawnik
		dług: długo, dłoń
		granica: grać, grono
		umowa: umyć, umrzeć
		strach: strona, straż, strata
		kobieta: kopia
		szkoła: szkoda, szkło
		policja: polski, polityka
		pobyt: pobić, pobór
		szef: szafa
		sąd: sędzia
		wiza: wizyta
		karta: kartka, kara
		paszport: pasza
		matka: mata
		pomoc: pomost, pompa
		lekarz: lek, leki
		groźba: grosz, gród
		ludzie: ludowy
		dziecko: dziura, dzień
		telefon: tele
		miasto: miska
		strach: strony`,
	"uk": `
		праця: право, прапор, працівник
		робота: роблю, рот
		борг: борщ, бор
		довго: довг
		мова: мовчати, мода
		школа: шкода
		кордон: корона
		лікар: лікоть
		договір: догана
		дитина: диня
		водій: від, вода`,
	"ru": `
		долг: долго, доля
		работа: робот, раба
		врач: враг
		право: правда, праздник
		полиция: полис, поле
		деньги: день
		граница: граната
		школа: шкала
		договор: догнать
		дети: деть
		жена: жених
		страх: страна`,
	"ar": `
		عمل: علم, عملاق
		عقد: عقل
		شرطة: شريط
		دين: دينار, لدينا, والديه
		وسيط: بسيط
		بوليس: وليس`,
	"en": `
		police: policy, polite
		debt: debate
		wage: wagon
		boss: both
		lawyer: layer
		worker: world`,
}

func TestApart(t *testing.T) {
	for tag, table := range apart {
		l := siteSynonyms(t).language(tag)
		for _, line := range strings.Split(strings.TrimSpace(table), "\n") {
			query, others, _ := strings.Cut(strings.TrimSpace(line), ": ")
			for _, other := range strings.Split(others, ", ") {
				if meets(l, query, other) {
					t.Errorf("%s: %q %v meets %q %v", tag, query, l.stems(fold(query)), other, l.stems(fold(other)))
				}
			}
		}
	}
}
