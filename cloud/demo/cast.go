package demo

import "time"

// PBX is one of the PBXs and what is known by name behind it.
type PBX struct {
	Name      string
	Station   string
	Zone      string
	DIDs      []string // each leads to the queue of the same place in Queues
	Trunk     string
	Queues    []Queue
	Operators []Operator
}

// Queue is one queue. Members are numbers of operators.
type Queue struct {
	Number   string
	Name     string
	Members  []string
	Overflow string        // queue that takes over, "" for voicemail
	Timeout  time.Duration // after which it does
	weight   int           // share of the inbound calls; 0: only the recorded calls go there
	talk     time.Duration // typical
}

// Operator is a device and whom people know it as.
type Operator struct{ Number, Name string }

// HeadOffice and Branch are the names of the two PBXs.
const (
	HeadOffice = "Head office"
	Branch     = "Владивосток"
)

// Cast returns everybody. The numbers are those of the recorded calls that the demonstration replays, on both PBXs: the
// same number is somebody else at the other station.
func Cast() []PBX {
	return []PBX{
		{
			Name: HeadOffice, Station: HeadOffice, Zone: "Europe/Moscow", Trunk: "PJSIP/carrier",
			DIDs: []string{"74950000600", "74950000601", "74950000602", "74950000603", "74950000604", "74950000605", "74950000606", "74950000607"},
			Queues: []Queue{
				{Number: "600", Name: "Sales", Members: numbers("101", "106"), Overflow: "601", Timeout: 2 * time.Minute, weight: 30, talk: 150 * time.Second},
				{Number: "601", Name: "Поддержка", Members: numbers("104", "110"), Timeout: 3 * time.Minute, weight: 40, talk: 210 * time.Second},
				{Number: "602", Name: "Billing", Members: numbers("109", "112"), Overflow: "601", Timeout: 90 * time.Second, weight: 18, talk: 120 * time.Second},
				{Number: "603", Name: "Доставка", Members: numbers("112", "116"), Timeout: 2 * time.Minute, weight: 22, talk: 95 * time.Second},
				{Number: "604", Name: "Wholesale"},
				{Number: "605", Name: "Рекламации"},
				{Number: "606", Name: "Night desk"},
				{Number: "607", Name: "Обучение"},
			},
			Operators: []Operator{
				{"101", "Анна Орлова"},
				{"102", "Boris Klein"},
				{"103", "Вера Зайцева"},
				{"104", "Григорий Лапин"},
				{"105", "Darya Melnik"},
				{"106", "Евгений Сомов"},
				{"107", "Жанна Ким"},
				{"108", "Igor Petrov"},
				{"109", "Инна Белова"},
				{"110", "Kirill Novak"},
				{"111", "Лариса Цой"},
				{"112", "Maxim Root"},
				{"113", "Нина Гусева"},
				{"114", "Олег Фомин"},
				{"115", "Polina Weiss"},
				{"116", "Роман Юдин"},
			},
		},
		{
			Name: Branch, Station: Branch, Zone: "Asia/Vladivostok", Trunk: "PJSIP/primtel",
			DIDs: []string{"74232000600", "74232000601", "74232000602", "74232000603", "74232000604", "74232000605", "74232000606", "74232000607"},
			Queues: []Queue{
				{Number: "600", Name: "Запись и справки", Members: numbers("101", "106"), Overflow: "601", Timeout: 2 * time.Minute, weight: 30, talk: 110 * time.Second},
				{Number: "601", Name: "East support", Members: numbers("105", "109"), Timeout: 3 * time.Minute, weight: 20, talk: 190 * time.Second},
				{Number: "602", Name: "Лаборатория"},
				{Number: "603", Name: "Delivery East"},
				{Number: "604", Name: "Склад"},
				{Number: "605", Name: "Claims"},
				{Number: "606", Name: "Дежурный"},
				{Number: "607", Name: "Training"},
			},
			Operators: []Operator{
				{"101", "Светлана Пак"},
				{"102", "Tatiana Lee"},
				{"103", "Ульяна Мороз"},
				{"104", "Фёдор Кан"},
				{"105", "Anton Kharlamov"},
				{"106", "Цветана Илиева"},
				{"107", "Юрий Чен"},
				{"108", "Shamil Aliev"},
				{"109", "Яна Литвин"},
				{"110", "Oksana Tsoi"},
				{"111", "Павел Ли"},
				{"112", "Regina Sokol"},
			},
		},
	}
}

// numbers counts from first to last, which have three digits.
func numbers(first, last string) []string {
	var list []string
	for n := first; n <= last; n = next(n) {
		list = append(list, n)
	}
	return list
}

func next(n string) string {
	b := []byte(n)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] < '9' {
			b[i]++
			break
		}
		b[i] = '0'
	}
	return string(b)
}
